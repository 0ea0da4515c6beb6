import type { DType, Shape, Tensor } from "../../graph/index.ts";
import { allocate, DTYPES, isFloat, sizeOf } from "../../graph/index.ts";
import { stream } from "../random/stream.ts";
import { UsageError } from "./command.ts";
import type { Library } from "./load.ts";

/** What `--shapes`, `--dtype` and `--seed` ask for. */
export interface InputOptions {
  /** Null where the op's own sample will do. */
  readonly shapes: readonly Shape[] | null;
  readonly dtype: DType;
  readonly seed: number;
}

export const SHAPES_OPTION: readonly [string, string] = [
  "--shapes S",
  "one for each input, as in 4x5,5,scalar; needed for a function in a file",
];
export const DTYPE_OPTION: readonly [string, string] = [
  "--dtype T",
  `of the inputs with --shapes: ${DTYPES.join(", ")} (float64)`,
];

/** @throws UsageError unless it is shapes as in `4x5,5,scalar` */
export function shapesFrom(text: string): readonly Shape[] {
  return text.split(",").map((word) => {
    if (word === "scalar") return [];
    const shape = word.split("x").map(Number);
    if (/^\d+(x\d+)*$/.test(word) && Number.isSafeInteger(sizeOf(shape))) return shape;
    throw new UsageError(`--shapes takes shapes as in 4x5,5,scalar, got '${text}'`);
  });
}

/** @throws UsageError unless it is the name of a dtype */
export function dtypeFrom(text: string): DType {
  const dtype = DTYPES.find((name) => name === text);
  if (dtype === undefined) throw new UsageError(`--dtype must be one of ${DTYPES.join(", ")}, got '${text}'`);
  return dtype;
}

/** Standard normal inputs: rounded in int32, their signs in bool. Each has a stream of its own. */
export function drawnInputs(
  library: Library,
  shapes: readonly Shape[],
  { dtype, seed }: InputOptions,
  names: readonly string[],
): Tensor[] {
  return shapes.map((shape, k) => {
    const numbers = stream(seed, "inputs", k);
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) {
      const z = numbers.gaussian();
      data[i] = isFloat(dtype) ? z : dtype === "bool" ? Number(z > 0) : Math.round(z);
    }
    return library.named(library.fromData(shape, dtype, data), names[k]!);
  });
}
