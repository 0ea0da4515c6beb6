import { bind } from "../graph/bind.ts";
import { checkedDType, type DType } from "../graph/dtype.ts";
import { ArgumentError, DTypeError, describe, IndexError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { checkedShape } from "../graph/shape.ts";
import type { NdArray, Output, Tensor } from "../graph/tensor.ts";
import { discrete } from "./families/discrete.ts";
import type { One } from "./families/elementwise.ts";
import { asIndices, assertIndices, type Indices } from "./families/indices.ts";
import { zerosLike } from "./families/samples.ts";

export interface Classes {
  /** How many there are. */
  readonly n: number;
  /** Of the zeros and ones. */
  readonly dtype: DType;
}

/** y_ic = 1 where c is the label of i, 0 elsewhere; labels are integers, so there is no derivative */
export const OneHot: Primitive<One, Classes> = discrete<Classes>("oneHot", {
  shape([labels], { n }) {
    if (!Number.isSafeInteger(n) || n < 0)
      throw new ArgumentError("oneHot", "a number of classes that is an integer >= 0", describe(n));
    return checkedShape("oneHot", [...labels.shape, n]);
  },
  dtype([labels], { dtype }) {
    assertIndices("oneHot", "labels", labels);
    return checkedDType("oneHot", dtype);
  },
  kernel: ([labels], { n }, y) => mark(labels, n, y),
  samples: (draw) => [
    { x: [draw.integers([], 3)], params: { n: 3, dtype: "float64" } },
    { x: [draw.integers([4], 3)], params: { n: 3, dtype: "float32" } },
    { x: [draw.integers([2, 2], 1)], params: { n: 1, dtype: "int32" } },
    { x: [draw.integers([0], 3)], params: { n: 3, dtype: "bool" } },
    { x: [draw.integers([0], 3)], params: { n: 0, dtype: "float64" } },
  ],
  rejects: () => [
    { x: [zerosLike([2])], params: { n: 3, dtype: "float64" }, error: DTypeError },
    { x: [zerosLike([2], "bool")], params: { n: 3, dtype: "float64" }, error: DTypeError },
    { x: [zerosLike([2], "int32")], params: { n: 1.5, dtype: "float64" }, error: ArgumentError },
  ],
  text: ([labels], { n, dtype }) => `oneHot(${labels}, ${n}${dtype === "float64" ? "" : `, ${dtype}`})`,
  latex: ([labels], { n }) => `\\operatorname{oneHot}_{${n}} ${labels}`,
});

function mark({ data: labels }: NdArray, n: number, y: Output): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0 || label >= n) {
      throw new IndexError(
        "oneHot",
        n === 0 ? "no labels, as there are no classes" : `labels from 0 to ${n - 1}`,
        `${label} at position ${i}`,
      );
    }
  }
  for (let i = 0; i < labels.length; i++) y.data[i * n + labels[i]!] = 1;
}

/**
 * A one in the place of each label among n classes, zeros elsewhere, along a new last axis.
 *
 * Labels name classes: negative ones do not count from the end, they are refused.
 *
 * @param labels an int32 tensor, an integer, or arrays of integers
 * @param dtype of the result: float64 unless named
 * @throws IndexError where a label is not one of 0, ..., n - 1
 * @throws DTypeError where labels are a tensor that is not int32, or for what is no dtype
 */
export function oneHot(labels: Indices, n: number, dtype: DType = "float64"): Tensor {
  return bind(OneHot, [asIndices("oneHot", labels)], { n, dtype });
}
