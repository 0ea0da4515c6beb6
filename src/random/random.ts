import { assertNotTraced, isTracingAbstractly } from "../../graph/abstract.ts";
import {
  ArgumentError,
  allocate,
  checkedDType,
  checkedShape,
  type DType,
  DTypeError,
  describe,
  fromData,
  isFloat,
  type Shape,
  sizeOf,
  type Tensor,
} from "../../graph/index.ts";
import { checkedFinite, checkedOptions, NONE } from "../../graph/options.ts";
import { Stream, type StreamLabel, type StreamState, stream } from "./stream.ts";

export interface FloatOption {
  /** float64 unless it is float32. The same numbers are drawn for both, and rounded. */
  readonly dtype?: DType;
}

/**
 * A source of random tensors: `random(231, "weights").normal([4, 5])`.
 *
 * There is no other state than its own, so a program that makes its sources from seeds repeats itself. Labels tell
 * sources of one seed apart: drawing from one never shifts another.
 *
 * @throws ArgumentError where the seed, or a label that is a number, is no integer within ±(2^53 - 1)
 */
export function random(seed: number, ...labels: readonly StreamLabel[]): Random {
  for (const part of [seed, ...labels]) {
    if (typeof part !== "string" && !Number.isSafeInteger(part)) {
      throw new ArgumentError(
        "random",
        "an integer seed, and labels that are strings or integers",
        describe(part),
      );
    }
  }
  if (typeof seed === "string") throw new ArgumentError("random", "an integer seed", describe(seed));
  return Random.from(stream(seed, ...labels).state());
}

/** What {@link random} makes. Every draw moves it on. */
export class Random {
  readonly #stream: Stream;
  readonly #isOfTrace: boolean = isTracingAbstractly();

  private constructor(source: Stream) {
    if (!(source instanceof Stream)) {
      throw new ArgumentError("Random", "to be made by random(seed)", `new with ${describe(source)}`);
    }
    this.#stream = source;
  }

  /** A source that goes on, bit for bit, where `state` was taken. @throws ArgumentError where it is no such state. */
  static from(state: StreamState): Random {
    return new Random(Stream.from(state, "Random.from"));
  }

  /** What numbers come from. @throws TraceError in a function that is being compiled, if it was made outside. */
  get #drawing(): Stream {
    assertNotTraced("a draw from a random source", this.#isOfTrace);
    return this.#stream;
  }

  /** Where the source stands: plain data, fit for JSON. */
  state(): StreamState {
    return this.#stream.state();
  }

  /**
   * Normal deviates.
   *
   * @throws ShapeError, DTypeError for what is no shape, or no float dtype
   * @throws ArgumentError where mean or std is not finite, or std negative
   */
  normal(
    shape: Shape,
    options: FloatOption & { readonly mean?: number; readonly std?: number } = NONE,
  ): Tensor {
    const given = checkedOptions("random.normal", options, ["mean", "std", "dtype"]);
    const { mean = 0, std = 1, dtype = "float64" } = given;
    checkedFinite("random.normal", "mean", mean);
    checkStd("random.normal", std);
    return drawn("random.normal", shape, dtype, () => mean + std * this.#drawing.gaussian());
  }

  /**
   * Uniform deviates, from `low` on and below `high`.
   *
   * @throws ShapeError, DTypeError for what is no shape, or no float dtype
   * @throws ArgumentError where low or high is not finite
   */
  uniform(
    shape: Shape,
    options: FloatOption & { readonly low?: number; readonly high?: number } = NONE,
  ): Tensor {
    const given = checkedOptions("random.uniform", options, ["low", "high", "dtype"]);
    const { low = 0, high = 1, dtype = "float64" } = given;
    checkedFinite("random.uniform", "low", low);
    checkedFinite("random.uniform", "high", high);
    return drawn("random.uniform", shape, dtype, () => low + (high - low) * this.#drawing.uniform());
  }

  /**
   * int32 from `low` on and below `high`, all equally likely.
   *
   * @throws ShapeError for what is no shape
   * @throws ArgumentError where low and high are not integers of int32's range, or nothing lies between them
   */
  integers(shape: Shape, options: { readonly low?: number; readonly high: number }): Tensor {
    const { low = 0, high } = checkedOptions("random.integers", options, ["low", "high"]);
    const size = checkedShape("random.integers", shape);
    checkRange("random.integers", low, high);
    const data = new Int32Array(sizeOf(size));
    for (let i = 0; i < data.length; i++) data[i] = low + this.#drawing.integer(high - low);
    return fromData(size, "int32", data);
  }

  /**
   * bool, true with that probability: a mask.
   *
   * @throws ShapeError for what is no shape
   * @throws ArgumentError where the probability does not lie in [0, 1]
   */
  bernoulli(shape: Shape, probability: number): Tensor {
    const size = checkedShape("random.bernoulli", shape);
    if (typeof probability !== "number" || !(probability >= 0 && probability <= 1)) {
      throw new ArgumentError("random.bernoulli", "a probability from 0 to 1", describe(probability));
    }
    const data = new Uint8Array(sizeOf(size));
    for (let i = 0; i < data.length; i++) data[i] = this.#drawing.uniform() < probability ? 1 : 0;
    return fromData(size, "bool", data);
  }

  /**
   * 0 .. n - 1 in random order, as int32: indices for `take`.
   *
   * @throws ArgumentError where n is no integer from 0 to 2^31 - 1
   */
  permutation(n: number): Tensor {
    if (!(Number.isInteger(n) && n >= 0 && n < 2 ** 31)) {
      throw new ArgumentError("random.permutation", "an integer from 0 to 2^31 - 1", describe(n));
    }
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.#drawing.integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return fromData([n], "int32", order);
  }
}

function drawn(op: string, shape: Shape, dtype: DType, next: () => number): Tensor {
  const size = checkedShape(op, shape);
  if (!isFloat(checkedDType(op, dtype))) throw new DTypeError(op, "float64 or float32", dtype);
  const data = allocate(dtype, sizeOf(size));
  for (let i = 0; i < data.length; i++) data[i] = next();
  return fromData(size, dtype, data);
}

/** @throws ArgumentError unless it is a finite number >= 0. */
export function checkStd(op: string, std: number): void {
  if (checkedFinite(op, "std", std) < 0) {
    throw new ArgumentError(op, "a std that is not negative", describe(std));
  }
}

/** @throws ArgumentError unless it is how many int32s there can be to choose from. */
export function checkCount(op: string, n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 31) {
    throw new ArgumentError(op, "n to be an integer from 1 to 2^31", describe(n));
  }
}

/** @throws ArgumentError unless low < high, integers whose interval int32 holds. */
export function checkRange(op: string, low: number, high: number): void {
  for (const end of [low, high]) {
    if (!Number.isInteger(end)) throw new ArgumentError(op, "low and high to be integers", describe(end));
  }
  if (low >= high || low < -(2 ** 31) || high > 2 ** 31) {
    throw new ArgumentError(op, "low < high, from -2^31 to 2^31", `${low} and ${high}`);
  }
}
