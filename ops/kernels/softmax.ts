/** exp(x - max x) and its sum, from which the softmax, its logarithm and the logarithm of the sum are formed. */
import { allocate } from "../../graph/dtype.ts";
import { reducedShape, type Shape, sizeOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { maxLoop } from "./fold.ts";
import { mapKernel } from "./map.ts";
import { reduce, sumLoop } from "./reduce.ts";
import { add, div, eq, exp, input, log, select, sub } from "./scalar.ts";

/** y = exp x / Σ exp x over axes; 0 where all are -Infinity. */
export function softmaxKernel(x: NdArray, axes: readonly number[], y: Output): void {
  const { largest, terms, total } = parts(x, axes);
  divide([terms, noMass(largest, total)], undefined, y);
}

/** y = x - log Σ exp x over axes; -Infinity where all are. */
export function logSoftmaxKernel(x: NdArray, axes: readonly number[], y: Output): void {
  const { largest, total } = parts(x, axes);
  const logTotal = float64(total.shape);
  logarithm([noMass(largest, total)], undefined, logTotal);
  distanceLess([x, largest, logTotal], undefined, y);
}

/** y = log Σ exp x over axes. */
export function logSumExpKernel(x: NdArray, axes: readonly number[], y: Output): void {
  const { largest, total } = parts(x, axes);
  const shape = y.shape;
  addLog(
    [
      { ...largest, shape },
      { ...total, shape },
    ],
    undefined,
    y,
  );
}

// The largest element is 0 from itself even where it is infinite: infinite logits share all the weight equally.
const distance = select(eq(input(0), input(1)), 0, sub(input(0), input(1)));
const expDistance = mapKernel(exp(distance));
const divide = mapKernel(div(input(0), input(1)));
const logarithm = mapKernel(log(input(0)));
const distanceLess = mapKernel(sub(distance, input(2)));
const addLog = mapKernel(add(input(0), log(input(1))));

/** In float64 and with reduced axes kept, whatever x is: float32 logits of 10^4 keep all the digits that they have. */
function parts(x: NdArray, axes: readonly number[]): { largest: Output; terms: Output; total: Output } {
  const kept = reducedShape(x.shape, axes, true);
  const largest = float64(kept);
  reduce(x, axes, largest, maxLoop);
  const terms = float64(x.shape);
  expDistance([x, largest], undefined, terms);
  const total = float64(kept);
  reduce(terms, axes, total, sumLoop);
  return { largest, terms, total };
}

/** Where all logits are -Infinity there is nothing to share: a total of Infinity makes every share 0. */
function noMass(largest: NdArray, total: Output): Output {
  for (let i = 0; i < total.data.length; i++) {
    if (largest.data[i] === Number.NEGATIVE_INFINITY) total.data[i] = Number.POSITIVE_INFINITY;
  }
  return total;
}

function float64(shape: Shape): Output {
  return { shape, dtype: "float64", data: allocate("float64", sizeOf(shape)) };
}
