import {
  type AnyPrimitive,
  type Draft,
  inOrder,
  isFloat,
  type Node,
  type Program,
} from "../../../graph/index.ts";
import type { Rule } from "./rule.ts";
import { expression } from "./wording.ts";

/** One kind of error. */
export interface Kind {
  readonly name: string;
  /** Everywhere it could be made, in an order that is the same at every shape: lines, or the op's inputs. */
  places(rule: Rule): readonly Place[];
  /** Made at one of them; null where there is nothing to get wrong at this shape. */
  at(rule: Rule, place: Place, names: readonly string[]): Change | null;
}

/** The id of a line, or the numbers of one or two of the op's inputs. */
export type Place = readonly number[];

export interface Change {
  readonly sentence: string;
  readonly recipe: (draft: Draft) => void;
}

export interface Line {
  readonly program: Program;
  readonly id: number;
  readonly node: Node;
  /** What a line says: its own, or its parent's of that number. */
  readonly text: (parent?: number) => string;
}

/** A kind of error that is made on lines where certain ops stand. */
export function onLines(
  name: string,
  applies: (op: AnyPrimitive) => boolean,
  change: (line: Line) => Change | null,
): Kind {
  return {
    name,
    places: ({ program }) =>
      inOrder(program)
        .filter((id) => {
          const { op, dtype } = program.nodes[id]!;
          return op !== null && isFloat(dtype) && applies(op);
        })
        .map((id) => [id]),
    at({ program }, [id], names) {
      const node = program.nodes[id!]!;
      const text = (k?: number): string =>
        expression(program, k === undefined ? id! : node.parents[k]!, names);
      return change({ program, id: id!, node, text });
    },
  };
}
