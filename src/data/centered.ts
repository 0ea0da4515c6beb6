import { inNameOf } from "../../graph/errors.ts";
import { ArgumentError, describe, ShapeError, sameShape, Tensor } from "../../graph/index.ts";
import { div, equal, mean, std, sub, where } from "../../ops/index.ts";

/**
 * The mean row of x, over its first axis: for images the mean image, [3, 32, 32] of [N, 3, 32, 32].
 *
 * @throws ShapeError where x has no rows
 * @throws ArgumentError for what is no tensor
 */
export function meanOf(x: Tensor): Tensor {
  assertRows("meanOf", x);
  return mean(x, 0);
}

/**
 * How far the rows of x are from their mean, number by number: the standard deviation over the first axis (biased).
 *
 * @throws ShapeError where x has no rows
 * @throws ArgumentError for what is no tensor
 */
export function stdOf(x: Tensor): Tensor {
  assertRows("stdOf", x);
  return std(x, 0);
}

/**
 * x less a mean row, which is that of the training set for every set: `centered(test.x, meanOf(train.x))`.
 *
 * The mean must have exactly the shape of a row. Broadcasting would take another one without a word.
 *
 * @throws ShapeError where the mean is of another shape
 * @throws DTypeError where one is float32 and the other float64
 * @throws ArgumentError for what is no tensor
 */
export function centered(x: Tensor, mu: Tensor): Tensor {
  assertRow("centered", "the mean", x, mu);
  return inNameOf("centered", () => sub(x, mu));
}

/**
 * x less a mean row and divided by a row of standard deviations, those of the training set for every set:
 * `standardized(test.x, { mean: meanOf(train.x), std: stdOf(train.x) })`.
 *
 * Where the deviation is 0, as of pixels that are black in every training image, nothing is divided.
 *
 * @throws ShapeError where one is not of the shape of a row
 * @throws DTypeError where some are float32 and others float64
 * @throws ArgumentError for what is no tensor
 */
export function standardized(x: Tensor, statistics: { readonly mean: Tensor; readonly std: Tensor }): Tensor {
  if (typeof statistics !== "object" || statistics === null) {
    throw new ArgumentError("standardized", "statistics { mean, std }", describe(statistics));
  }
  const { mean: mu, std: sigma } = statistics;
  assertRow("standardized", "the mean", x, mu);
  assertRow("standardized", "the standard deviation", x, sigma);
  return inNameOf("standardized", () => div(sub(x, mu), where(equal(sigma, 0), 1, sigma)));
}

function assertTensor(op: string, what: string, x: unknown): asserts x is Tensor {
  if (!(x instanceof Tensor)) throw new ArgumentError(op, `${what} to be a tensor`, describe(x));
}

function assertRows(op: string, x: Tensor): void {
  assertTensor(op, "x", x);
  const [rows] = x.shape;
  if (rows === undefined || rows === 0) {
    throw new ShapeError(op, "at least one row", rows === 0 ? `none, [${x.shape}]` : "a scalar");
  }
}

function assertRow(op: string, what: string, x: Tensor, row: Tensor): void {
  assertTensor(op, "x", x);
  assertTensor(op, what, row);
  if (x.rank === 0) throw new ShapeError(op, "x to have rows", "a scalar");
  const shape = x.shape.slice(1);
  if (sameShape(shape, row.shape)) return;
  const remedy = what === "the mean" ? "meanOf(train.x) is" : "stdOf(train.x) is";
  throw new ShapeError(op, `${what} to have the shape of a row, [${shape}]`, `[${row.shape}]`, remedy);
}
