import {
  ArgumentError,
  DTypeError,
  describe,
  isFloat,
  ShapeError,
  sameShape,
  Tensor,
} from "../../graph/index.ts";
import { checkedOptions } from "../../graph/options.ts";

/** Samples along the first axis, and an int32 label for each. */
export interface TrainingData {
  readonly trainX: Tensor;
  readonly trainY: Tensor;
  readonly valX: Tensor;
  readonly valY: Tensor;
}

export const PARTS: readonly (keyof TrainingData)[] = Object.freeze([
  "trainX",
  "trainY",
  "valX",
  "valY",
] as const);

/**
 * @throws ArgumentError where one of the four is missing, or is no tensor
 * @throws DTypeError where samples are not float, or labels not int32
 * @throws ShapeError where labels are not as many as samples, there are none, or samples differ in shape
 */
export function checkedData(op: string, data: TrainingData): TrainingData {
  const given = checkedOptions(op, data, PARTS);
  for (const part of PARTS) {
    if (given[part] instanceof Tensor) continue;
    throw new ArgumentError(op, `${part} to be a tensor`, describe(given[part]));
  }
  const { trainX, trainY, valX, valY } = given;
  assertFits(op, "train", trainX, trainY);
  assertFits(op, "val", valX, valY);
  if (!sameShape(trainX.shape.slice(1), valX.shape.slice(1)) || trainX.dtype !== valX.dtype) {
    const [n, ...rest] = valX.shape;
    throw new ShapeError(
      op,
      `valX to be ${trainX.dtype}[${[n, ...trainX.shape.slice(1)]}], like trainX`,
      `${valX.dtype}[${[n, ...rest]}]`,
    );
  }
  return { trainX, trainY, valX, valY };
}

function assertFits(op: string, which: "train" | "val", x: Tensor, y: Tensor): void {
  if (!isFloat(x.dtype)) throw new DTypeError(op, `${which}X to be float64 or float32`, x.dtype, "cast it");
  if (y.dtype !== "int32") throw new DTypeError(op, `${which}Y to be int32`, y.dtype, "cast it");
  const n = x.shape[0];
  if (n === undefined || n === 0) {
    throw new ShapeError(op, `${which}X of at least one sample along axis 0`, `[${x.shape}]`);
  }
  if (!sameShape(y.shape, [n])) throw new ShapeError(op, `${which}Y of shape [${n}]`, `[${y.shape}]`);
}
