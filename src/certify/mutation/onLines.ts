/** Errors within the formula. */
import { type AnyPrimitive, type Program, sizeOf, type Tensor } from "../../../graph/index.ts";
import {
  Add,
  BroadcastTo,
  Cast,
  Div,
  Max,
  Mean,
  Min,
  Mul,
  type Over,
  Rsqrt,
  Scale,
  Sqrt,
  Square,
  StopGradient,
  Sub,
  Sum,
  SumTo,
} from "../../../ops/index.ts";
import { applied, constantLike, reread, wrap } from "./edit.ts";
import { type Kind, onLines } from "./kind.ts";

const among =
  (...ops: readonly AnyPrimitive[]) =>
  (op: AnyPrimitive): boolean =>
    ops.includes(op);

const isTerm = among(Add, Sub);
const isProduct = among(Mul, Scale, Div);
const isAverage = among(Mean, Sum);
/** Views, casts and broadcasts compute nothing that somebody could have got wrong by a factor. */
const computes = (op: AnyPrimitive): boolean =>
  op.lowering.kind !== "view" && !among(Cast, BroadcastTo, SumTo, StopGradient)(op);

const ORDINAL = ["first", "second"] as const;

const dropTerm = (k: 0 | 1): Kind =>
  onLines(`${ORDINAL[k]} term dropped`, isTerm, ({ program, id, node, text }) =>
    epsOf(program, id) === k
      ? null
      : {
          sentence: `drops the term ${text(k)} of ${text()}`,
          recipe(draft) {
            reread(draft, program, id, k, constantLike(draft, program.nodes[node.parents[k]!]!, 0));
          },
        },
  );

const wrongSign: Kind = onLines("wrong sign", isTerm, ({ id, node, text }) => ({
  sentence: `has the wrong sign before ${text(1)} in ${text()}`,
  recipe(draft) {
    draft.nodes[id] = { ...node, op: node.op === Add ? Sub : Add };
  },
}));

/** Small enough to pass for right, far above rounding. */
const ALMOST = 1 + 1e-4;

const almost: Kind = onLines("1 + 1e-4 too large", computes, ({ program, id, node, text }) => ({
  sentence: `is 1 + 1e-4 times too large in ${text()}`,
  recipe: (draft) => wrap(draft, program, id, Mul, constantLike(draft, { ...node, shape: [] }, ALMOST)),
}));

const dropFactor = (k: 0 | 1): Kind =>
  onLines(`${ORDINAL[k]} factor dropped`, isProduct, ({ program, id, node, text }) => ({
    sentence: `drops the ${node.op === Div && k === 1 ? "divisor" : "factor"} ${text(k)} of ${text()}`,
    recipe: (draft) =>
      reread(draft, program, id, k, constantLike(draft, program.nodes[node.parents[k]!]!, 1)),
  }));

const squareFactor = (k: 0 | 1): Kind =>
  onLines(`${ORDINAL[k]} factor squared`, isProduct, ({ program, id, node, text }) => ({
    sentence: `squares ${text(k)} in ${text()}`,
    recipe(draft) {
      const parent = node.parents[k]!;
      reread(draft, program, id, k, applied(draft, Square, [parent], program.nodes[parent]!));
    },
  }));

const noEps: Kind = onLines("eps missing", among(Add), ({ program, id, node, text }) => {
  const k = epsOf(program, id);
  if (k === null) return null;
  return {
    sentence: `forgets eps under the root of ${text()}`,
    recipe: (draft) =>
      reread(draft, program, id, k, constantLike(draft, program.nodes[node.parents[k]!]!, 0)),
  };
});

const countLess: Kind = onLines("N - 1 for N", among(Mean, Div), ({ program, id, node, text }) => {
  const [first, second] = node.parents.map((p) => program.nodes[p]!);
  if (node.op === Mean) {
    const n = sizeOf(first!.shape) / sizeOf(node.shape);
    if (!(n > 1)) return null;
    return {
      sentence: `divides by N - 1 for N in ${text()}`,
      recipe: (draft) =>
        wrap(draft, program, id, Mul, constantLike(draft, { ...node, shape: [] }, n / (n - 1))),
    };
  }
  const n = isConstant(program, node.parents[1]!) && second!.value.size === 1 ? second!.value.data[0]! : 0;
  if (!Number.isInteger(n) || n < 2) return null;
  return {
    sentence: `divides ${text(0)} by N - 1 for N`,
    recipe: (draft) => reread(draft, program, id, 1, constantLike(draft, second!, n - 1)),
  };
});

const otherAverage: Kind = onLines("sum and mean exchanged", isAverage, ({ id, node, text }) => ({
  sentence: `takes the ${node.op === Sum ? "mean for the sum" : "sum for the mean"} in ${text()}`,
  recipe(draft) {
    draft.nodes[id] = { ...node, op: node.op === Sum ? Mean : Sum };
  },
}));

const changedAxes = (
  name: string,
  change: (axes: readonly number[], rank: number) => readonly number[],
): Kind =>
  onLines(name, isAverage, ({ program, id, node, text }) => {
    const over = node.params as Over;
    const axes = change(over.axes, program.nodes[node.parents[0]!]!.shape.length);
    if (String(axes) === String(over.axes)) return null;
    return {
      sentence: `reduces over ${name} in ${text()}`,
      recipe(draft) {
        draft.nodes[id] = { ...node, params: { ...over, axes } };
      },
    };
  });

const detach: Kind = onLines("a statistic detached", among(Mean, Sum, Max, Min), ({ program, id, text }) => ({
  sentence: `takes ${text()} for a constant when it is differentiated`,
  recipe: (draft) => wrap(draft, program, id, StopGradient),
}));

export const ON_LINES: readonly Kind[] = [
  dropTerm(0),
  dropTerm(1),
  wrongSign,
  almost,
  dropFactor(0),
  dropFactor(1),
  squareFactor(0),
  squareFactor(1),
  noEps,
  countLess,
  otherAverage,
  changedAxes("the first of its axes only", (axes) => axes.slice(0, 1)),
  changedAxes("the axes next to its own", (axes, rank) =>
    axes.map((axis) => (axis + 1) % rank).sort((a, b) => a - b),
  ),
  detach,
];

function isConstant({ nodes, inputs }: Program, id: number): boolean {
  return nodes[id]!.op === null && !inputs.includes(id);
}

/** Which operand of an addition under a root is a small constant. */
function epsOf(program: Program, id: number): number | null {
  const isUnderRoot = Object.values(program.nodes).some(
    ({ op, parents }) => (op === Sqrt || op === Rsqrt) && parents.includes(id),
  );
  if (!isUnderRoot) return null;
  const k = program.nodes[id]!.parents.findIndex(
    (p) => isConstant(program, p) && isSmall(program.nodes[p]!.value),
  );
  return k < 0 ? null : k;
}

function isSmall({ data, size }: Tensor): boolean {
  return size > 0 && Array.from(data).every((v) => v > 0 && v <= 1e-2);
}
