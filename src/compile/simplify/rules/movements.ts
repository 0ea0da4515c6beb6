/** Numbers that are only moved about: where two movements are one, or none. */
import { type AnyPrimitive, bind, sameShape, sizeOf } from "../../../../graph/index.ts";
import { stretchesTo } from "../../../../graph/shape.ts";
import {
  BroadcastTo,
  broadcastTo,
  Cast,
  cast,
  ExpandDims,
  expandDims,
  Flip,
  flip,
  mul,
  Reshape,
  reshape,
  Squeeze,
  squeeze,
  Transpose,
  transpose,
} from "../../../../ops/index.ts";
import type { AlgebraRule } from "../rule.ts";

/** The same numbers in the same order. Not stopGradient, which hands on the numbers and no derivative. */
const VIEWS: readonly AnyPrimitive[] = [Reshape, ExpandDims, Squeeze];

function isView(op: AnyPrimitive | null): boolean {
  return op !== null && VIEWS.includes(op);
}

export const viewOfView: AlgebraRule = {
  name: "view of a view",
  statement: "reshape(reshape(x)) = reshape(x), of x's own shape = x",
  because: "the row-major order stays; expandDims and squeeze are reshapes too",
  values: "bits",
  derivatives: "exact",
  ops: [Reshape, ExpandDims, Squeeze],
  rewrite({ node: { shape }, parents: [id], of }) {
    let from = id!;
    while (isView(of(from).op)) from = of(from).parents[0]!;
    if (sameShape(of(from).shape, shape)) return from;
    return from === id ? null : { op: Reshape, params: { shape }, parents: [from] };
  },
  laws: [
    {
      before: (x) => squeeze(expandDims(reshape(reshape(x!, [3, 2]), [6]), 0), 0),
      after: (x) => reshape(x!, [6]),
      inputs: [[2, 3]],
    },
  ],
};

export const toOwnShape: AlgebraRule = {
  name: "stretched to its own shape",
  statement: "broadcastTo(x, shape of x) = x",
  because: "nothing is repeated",
  values: "bits",
  derivatives: "exact",
  ops: [BroadcastTo],
  rewrite: ({ node: { shape }, parents: [id], of }) => (sameShape(of(id!).shape, shape) ? id! : null),
  laws: [{ before: (x) => bind(BroadcastTo, [x!], { shape: [2, 3] }), after: (x) => x!, inputs: [[2, 3]] }],
};

export const viewOfOneNumber: AlgebraRule = {
  name: "view of one number",
  statement: "reshape(broadcastTo(x)) = broadcastTo(x) where x is one number",
  because: "all elements are the same, in whatever shape",
  values: "bits",
  derivatives: "rounding",
  ops: VIEWS,
  rewrite({ node: { shape }, parents: [id], of }) {
    const { op, parents } = of(id!);
    if (op !== BroadcastTo || sizeOf(of(parents[0]!).shape) !== 1) return null;
    return stretchesTo(of(parents[0]!).shape, shape) ? { op: BroadcastTo, params: { shape }, parents } : null;
  },
  laws: [
    {
      before: (x) => reshape(broadcastTo(x!, [6]), [2, 3]),
      after: (x) => broadcastTo(x!, [2, 3]),
      inputs: [[1]],
    },
  ],
};

export const stretchedOperand: AlgebraRule = {
  name: "stretched operand",
  statement: "f(broadcastTo(x), y) = f(x, y) where y alone gives the result its shape",
  because: "elementwise ops stretch their operands themselves; cotangents are summed by another route",
  values: "bits",
  derivatives: "rounding",
  ops: null,
  rewrite({ op, node, parents, of }) {
    if (op.lowering.kind !== "map") return null;
    const k = parents.findIndex((p) => of(p).op === BroadcastTo);
    if (k < 0) return null;
    // One at a time: where all operands were stretched, one has to stay so.
    for (let at = k; at < parents.length; at++) {
      if (of(parents[at]!).op !== BroadcastTo) continue;
      const fewer = parents.map((p, j) => (j === at ? of(p).parents[0]! : p));
      if (sameShape(op.shape(fewer.map(of), node.params), node.shape)) {
        return { op, params: node.params, parents: fewer };
      }
    }
    return null;
  },
  laws: [
    {
      before: (x, y) => mul(broadcastTo(broadcastTo(x!, [1, 3]), [2, 3]), y!),
      after: (x, y) => mul(x!, y!),
      inputs: [[3], [2, 3]],
    },
  ],
};

interface Permuted {
  readonly axes: readonly number[];
}

export const transposedTwice: AlgebraRule = {
  name: "transposed twice",
  statement: "(xᵀ)ᵀ = x; two orders of the axes are one",
  because: "axis k of the result is axis q[p[k]] of x",
  values: "bits",
  derivatives: "exact",
  ops: [Transpose],
  rewrite({ node, parents: [id], of }) {
    const { axes } = node.params as Permuted;
    const isIdentity = (order: readonly number[]): boolean => order.every((axis, k) => axis === k);
    if (isIdentity(axes)) return id!;
    const inner = of(id!);
    if (inner.op !== Transpose) return null;
    const { axes: first } = inner.params as Permuted;
    const rank = node.shape.length;
    // Whoever binds the op by himself may count from the end.
    const both = axes
      .map((axis) => first[axis < 0 ? axis + rank : axis]!)
      .map((axis) => (axis < 0 ? axis + rank : axis));
    const x = inner.parents[0]!;
    return isIdentity(both) ? x : { op: Transpose, params: { axes: both }, parents: [x] };
  },
  laws: [
    {
      before: (x) => transpose(transpose(transpose(x!, [2, 0, 1]), [0, 2, 1]), [2, 1, 0]),
      after: (x) =>
        transpose(
          x!,
          [0, 1, 2].map((k) => [2, 0, 1][[0, 2, 1][[2, 1, 0][k]!]!]!),
        ),
      inputs: [[2, 3, 4]],
    },
  ],
};

export const flippedTwice: AlgebraRule = {
  name: "flipped twice",
  statement: "flip(flip(x)) = x along the same axes",
  because: "backwards twice is forwards",
  values: "bits",
  derivatives: "exact",
  ops: [Flip],
  rewrite({ node, parents: [id], of }) {
    const axes = (at: { readonly params: unknown }): string => `${(at.params as Permuted).axes}`;
    const inner = of(id!);
    return inner.op === Flip && axes(inner) === axes(node) ? inner.parents[0]! : null;
  },
  laws: [{ before: (x) => flip(flip(x!, [0, 1]), [0, 1]), after: (x) => x!, inputs: [[2, 3]] }],
};

export const thereAndBack: AlgebraRule = {
  name: "there and back",
  statement: "cast(cast(x, wider), x's own) = x",
  because: "float64 holds every float32 and every int32",
  values: "bits",
  derivatives: "exact",
  ops: [Cast],
  rewrite({ node, parents: [id], of }) {
    const inner = of(id!);
    if (inner.dtype === node.dtype) return id!;
    if (inner.op !== Cast || inner.dtype !== "float64") return null;
    return of(inner.parents[0]!).dtype === node.dtype ? inner.parents[0]! : null;
  },
  laws: [
    {
      before: (x) => cast(cast(cast(x!, "float32"), "float64"), "float32"),
      after: (x) => cast(x!, "float32"),
      inputs: 1,
    },
  ],
};
