import { assertNotTraced, isTracingAbstractly } from "../../graph/abstract.ts";
import {
  ArgumentError,
  checkedShape,
  describe,
  fromData,
  type Shape,
  ShapeError,
  sizeOf,
  type Tensor,
} from "../../graph/index.ts";
import { checkedFinite, checkedFlag, checkedOptions, NONE } from "../../graph/options.ts";
import { MT19937, type MT19937State } from "./mt19937.ts";
import { checkCount, checkRange, checkStd } from "./random.ts";

/**
 * What `np.random.seed(seed)` and the functions of `np.random` draw, number for number, so that experiments published
 * with NumPy can be repeated: `numpyRandom(231).randn(4, 5)`.
 *
 * @throws ArgumentError where the seed is no integer from 0 to 2^32 - 1
 */
export function numpyRandom(seed: number): NumPyRandom {
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new ArgumentError("numpyRandom", "a seed that is an integer from 0 to 2^32 - 1", describe(seed));
  }
  return NumPyRandom.from(new MT19937(seed).state());
}

/**
 * What {@link numpyRandom} makes: NumPy's legacy `RandomState`, giving tensors (a shape of [] where NumPy gives a
 * number). Every draw moves it on, but one that is refused.
 */
export class NumPyRandom {
  readonly #generator: MT19937;
  readonly #isOfTrace: boolean = isTracingAbstractly();

  private constructor(generator: MT19937) {
    if (!(generator instanceof MT19937)) {
      throw new ArgumentError(
        "NumPyRandom",
        "to be made by numpyRandom(seed)",
        `new with ${describe(generator)}`,
      );
    }
    this.#generator = generator;
  }

  /** A source that goes on where `state` (NumPy's `get_state()`) was taken. @throws ArgumentError where it is none. */
  static from(state: MT19937State): NumPyRandom {
    return new NumPyRandom(MT19937.from(state, "NumPyRandom.from"));
  }

  /** What numbers come from. @throws TraceError in a function that is being compiled, if it was made outside. */
  get #drawing(): MT19937 {
    assertNotTraced("a draw from a random source", this.#isOfTrace);
    return this.#generator;
  }

  /** Where the source stands: plain data, fit for JSON. */
  state(): MT19937State {
    return this.#generator.state();
  }

  /** Uniform on [0, 1): `np.random.rand(4, 5)`. @throws ShapeError for sizes that are no shape. */
  rand(...shape: Shape): Tensor {
    const size = checkedShape("numpyRandom.rand", shape);
    return fromData(size, "float64", this.#drawing.fillRand(new Float64Array(sizeOf(size))));
  }

  /** Standard normal: `np.random.randn(4, 5)`. @throws ShapeError for sizes that are no shape. */
  randn(...shape: Shape): Tensor {
    const size = checkedShape("numpyRandom.randn", shape);
    return fromData(size, "float64", this.#drawing.fillRandn(new Float64Array(sizeOf(size))));
  }

  /**
   * `np.random.uniform(low, high, size)`.
   *
   * @throws ShapeError for what is no shape
   * @throws ArgumentError where low or high is not finite
   */
  uniform(low = 0, high = 1, shape: Shape = []): Tensor {
    checkedFinite("numpyRandom.uniform", "low", low);
    checkedFinite("numpyRandom.uniform", "high", high);
    return this.#moved("numpyRandom.uniform", shape, low, high - low, () => this.#drawing.rand());
  }

  /**
   * `np.random.normal(loc, scale, size)`.
   *
   * @throws ShapeError for what is no shape
   * @throws ArgumentError where mean or std is not finite, or std negative
   */
  normal(mean = 0, std = 1, shape: Shape = []): Tensor {
    checkedFinite("numpyRandom.normal", "mean", mean);
    checkStd("numpyRandom.normal", std);
    return this.#moved("numpyRandom.normal", shape, mean, std, () => this.#drawing.randn());
  }

  /**
   * int32 from `low` on and below `high`: `np.random.randint(low, high, size)`.
   *
   * @throws ShapeError for what is no shape
   * @throws ArgumentError where low and high are not integers of int32's range, or nothing lies between them
   */
  randint(low: number, high: number, shape: Shape = []): Tensor {
    const size = checkedShape("numpyRandom.randint", shape);
    checkRange("numpyRandom.randint", low, high);
    const data = new Int32Array(sizeOf(size));
    for (let i = 0; i < data.length; i++) data[i] = low + this.#drawing.randint(high - low);
    return fromData(size, "int32", data);
  }

  /**
   * int32 of 0 .. n - 1: `np.random.choice(n, size, replace)`.
   *
   * @throws ShapeError for what is no shape
   * @throws ArgumentError where n is no count, or more are wanted than there are, without replacement
   */
  choice(n: number, shape: Shape = [], options: { readonly replace?: boolean } = NONE): Tensor {
    const size = checkedShape("numpyRandom.choice", shape);
    checkCount("numpyRandom.choice", n);
    const given = checkedOptions("numpyRandom.choice", options, ["replace"]);
    const replace = checkedFlag("numpyRandom.choice", "replace", given.replace, true);
    const count = sizeOf(size);
    if (replace) return this.randint(0, n, size);
    if (count > n) {
      throw new ArgumentError(
        "numpyRandom.choice",
        `at most ${n} of ${n} without replacement`,
        `${count}`,
        "replace: true",
      );
    }
    return fromData(size, "int32", this.#drawing.permutation(n).slice(0, count));
  }

  /**
   * 0 .. n - 1 in random order, as int32: `np.random.permutation(n)`.
   *
   * @throws ShapeError where n is no integer >= 0
   */
  permutation(n: number): Tensor {
    const size = checkedShape("numpyRandom.permutation", [n]);
    if (n >= 2 ** 31) throw new ShapeError("numpyRandom.permutation", "n below 2^31", `${n}`);
    return fromData(size, "int32", this.#drawing.permutation(n));
  }

  #moved(op: string, shape: Shape, shift: number, factor: number, next: () => number): Tensor {
    const size = checkedShape(op, shape);
    const data = new Float64Array(sizeOf(size));
    for (let i = 0; i < data.length; i++) data[i] = shift + factor * next();
    return fromData(size, "float64", data);
  }
}
