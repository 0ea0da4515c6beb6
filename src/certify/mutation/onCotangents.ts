/** Errors in what is handed back. */
import {
  allocate,
  type Draft,
  fromData,
  type Node,
  type Spec,
  sameShape,
  sizeOf,
  type Tensor,
} from "../../../graph/index.ts";
import { Scale } from "../../../ops/index.ts";
import { applied, constant, constantLike } from "./edit.ts";
import type { Kind } from "./kind.ts";

function onCotangents(
  name: string,
  sentence: (input: string) => string,
  change: (draft: Draft, node: Node, id: number) => number,
): Kind {
  return {
    name,
    places: ({ slots }) => slots.map((_, k) => [k]),
    at({ program, slots }, [k], names) {
      const slot = slots[k!]!;
      if (slot === null) return null;
      const id = program.outputs[slot]!;
      return {
        sentence: sentence(names[k!]!),
        recipe(draft) {
          draft.outputs[slot] = change(draft, program.nodes[id]!, id);
        },
      };
    },
  };
}

const skipLast: Kind = onCotangents(
  "last element skipped",
  (input) => `leaves the last element of the gradient of ${input} at 0`,
  (draft, node, id) => applied(draft, Scale, [id, constant(draft, allButLast(node))], node),
);

const zeroed: Kind = onCotangents(
  "gradient zeroed",
  (input) => `gives 0 for the gradient of ${input}`,
  (draft, node) => constantLike(draft, node, 0),
);

const swapped: Kind = {
  name: "gradients swapped",
  places: ({ slots }) => slots.flatMap((_, k) => slots.slice(0, k).map((_, i) => [i, k])),
  at({ program, slots }, [i, k], names) {
    const a = slots[i!]!;
    const b = slots[k!]!;
    if (a === null || b === null) return null;
    const [p, q] = [program.outputs[a]!, program.outputs[b]!];
    const [m, n] = [program.nodes[p]!, program.nodes[q]!];
    if (!sameShape(m.shape, n.shape) || m.dtype !== n.dtype) return null;
    return {
      sentence: `gives the gradient of ${names[i!]} for that of ${names[k!]}, and the other way round`,
      recipe(draft) {
        draft.outputs[a] = q;
        draft.outputs[b] = p;
      },
    };
  },
};

export const ON_COTANGENTS: readonly Kind[] = [skipLast, zeroed, swapped];

function allButLast({ shape, dtype }: Spec): Tensor {
  const data = allocate(dtype, sizeOf(shape)).fill(1);
  data[data.length - 1] = 0;
  return fromData(shape, dtype, data);
}
