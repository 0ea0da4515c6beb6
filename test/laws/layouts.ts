import { allocate, DTYPES, type DType } from "../../graph/dtype.ts";
import { type Shape, sizeOf } from "../../graph/shape.ts";
import type { NdArray } from "../../graph/tensor.ts";
import { type Stream, stream } from "../../src/random/stream.ts";

const SPECIAL = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const EXTREME = [0, 2 ** 31 - 1, -(2 ** 31), 65537];
const MOST_AXES = 5;
const EACH = 6;

/**
 * Tuples of arrays that broadcast: of every rank from 0 to 5, each array stretched along other axes, of one dtype
 * and of several, special values among them.
 */
export function* layouts(seed: number, name: string, arity: number): Generator<readonly NdArray[]> {
  const from = stream(seed, "layouts", name);
  for (let rank = 0; rank <= MOST_AXES; rank++) {
    for (let n = 0; n < EACH; n++) {
      const shape = Array.from({ length: rank }, () => 1 + from.integer(3));
      if (n === EACH - 1 && rank > 0) shape[from.integer(rank)] = 0;
      const one = DTYPES[n % DTYPES.length]!;
      const isMixed = n >= DTYPES.length;
      yield Array.from({ length: arity }, () =>
        filledFrom(from, stretching(from, shape), isMixed ? DTYPES[from.integer(DTYPES.length)]! : one),
      );
    }
  }
}

/** The same with more elements: rows that are long, and many that are short. */
export function* largeLayouts(seed: number, name: string, arity: number): Generator<readonly NdArray[]> {
  const from = stream(seed, "large layouts", name);
  for (const [n, shape] of LARGE.entries()) {
    const one = from.integer(2) === 0 ? "float64" : "float32";
    yield Array.from({ length: arity }, () =>
      filledFrom(from, stretching(from, shape), n % 3 === 2 ? DTYPES[from.integer(DTYPES.length)]! : one),
    );
  }
}

const LARGE: readonly Shape[] = [[259], [5, 53], [90, 3], [67, 7], [3, 4, 25], [4, 27, 5]];

/** A shape that broadcasts to this one: axes in front left out, others of size one. */
function stretching(from: Stream, shape: Shape): Shape {
  const left = from.integer(3) === 0 ? shape.slice(from.integer(shape.length + 1)) : shape;
  return left.map((d) => (from.integer(3) === 0 ? 1 : d));
}

function filledFrom(from: Stream, shape: Shape, dtype: DType): NdArray {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = numberOf(from, dtype);
  return { shape, dtype, data };
}

function numberOf(from: Stream, dtype: DType): number {
  if (dtype === "bool") return from.integer(2);
  const isRare = from.integer(8) === 0;
  if (dtype === "int32") return isRare ? EXTREME[from.integer(EXTREME.length)]! : from.integer(11) - 5;
  return isRare ? SPECIAL[from.integer(SPECIAL.length)]! : 2 * from.gaussian();
}
