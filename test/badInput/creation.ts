import {
  ArgumentError,
  DTypeError,
  NumPyRandom,
  numpyRandom,
  Random,
  random,
  ShapeError,
  tensor,
} from "../../src/index.ts";
import {
  CYCLE,
  count,
  DTYPE,
  FINITE,
  FLAG,
  holed,
  options,
  SHAPE,
  TENSOR,
  TENSOR_ITSELF,
  type Wrong,
  without,
} from "./kinds.ts";
import { each, method, type Table, v, x } from "./misuse.ts";

const DTYPE_OPTION = options({ dtype: DTYPE });
/** Where data are due: numbers, or arrays of them. */
const DATA: readonly Wrong[] = without(TENSOR, "an array", "nested arrays", "a typed array");

export const CREATION: Table = {
  tensor: {
    good: [
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: "float32", shape: [2, 2] },
    ],
    wrong: { 0: DATA, 1: options({ dtype: DTYPE, shape: without(SHAPE, "undefined") }) },
    calls: [
      ["ragged arrays", [[[1, 2], [3]]], ShapeError],
      ["a hole", [holed([1, 1, 1], 1)], ArgumentError],
      ["a string among numbers", [[1, "2"]], ArgumentError],
      ["undefined among numbers", [[1, undefined]], ArgumentError],
      ["a number beside an array", [[[1], 2]], ArgumentError],
      ["an array beside a number", [[1, [2]]], ArgumentError],
      ["a boolean among numbers", [[1, true]], ArgumentError],
      ["a bigint among numbers", [[1, 2n]], ArgumentError],
      ["tensors in an array", [[v, v]], ArgumentError],
      ["an array in itself", [CYCLE], ArgumentError],
      ["64-bit integers", [BigInt64Array.of(1n)], ArgumentError],
      ["a DataView", [new DataView(new ArrayBuffer(8))], ArgumentError],
      ["a dtype for options", [[1], "float32"], ArgumentError],
      ["half an int32", [[0.5], { dtype: "int32" }], DTypeError],
      ["2 for a boolean", [[2], { dtype: "bool" }], DTypeError],
      ["too few numbers", [[1, 2, 3], { shape: [2, 2] }], ShapeError],
      ["a shape other than that of nested data", [[[1, 2]], { shape: [2, 1] }], ShapeError],
      ["a tensor as another dtype", [x, { dtype: "float32" }], DTypeError],
      ["a tensor in another shape", [x, { shape: [3, 2] }], ShapeError],
    ],
  },
  ...each("zeros ones", {
    good: [[2, 3], { dtype: "int32" }],
    wrong: { 0: SHAPE, 1: DTYPE_OPTION },
    calls: [
      ["sizes side by side", [2, 3], ShapeError],
      ["a dtype for options", [[2], "float32"], ArgumentError],
    ],
  }),
  full: {
    good: [[2], 7, { dtype: "int32" }],
    wrong: { 0: SHAPE, 1: TENSOR, 2: DTYPE_OPTION },
    calls: [
      ["half an int32", [[2], 0.5, { dtype: "int32" }], DTypeError],
      ["NaN as int32", [[2], Number.NaN, { dtype: "int32" }], DTypeError],
      ["a tensor", [[2], v], ArgumentError],
    ],
  },
  ...each("zerosLike onesLike", {
    good: [x, { dtype: "bool" }],
    wrong: { 0: TENSOR_ITSELF, 1: DTYPE_OPTION },
  }),
  fullLike: {
    good: [x, 7, { dtype: "int32" }],
    wrong: { 0: TENSOR_ITSELF, 1: TENSOR, 2: DTYPE_OPTION },
    calls: [["2 for a boolean", [x, 2, { dtype: "bool" }], DTypeError]],
  },
  eye: {
    good: [2, { columns: 3, diagonal: 1, dtype: "float32" }],
    wrong: {
      0: count(ShapeError),
      1: options({ columns: count(ShapeError), diagonal: without(count(), "one too few"), dtype: DTYPE }),
    },
  },
  arange: {
    good: [0, 6, 2, { dtype: "int32" }],
    wrong: { 0: FINITE, 1: FINITE, 2: FINITE, 3: DTYPE_OPTION },
    calls: [
      ["nothing at all", [], ArgumentError],
      ["a step of 0", [0, 1, 0], ArgumentError],
      ["four numbers", [0, 6, 2, 1], ArgumentError],
      ["too many", [0, 1, 1e-12], ShapeError],
      ["fractions as int32", [0, 1, 0.5, { dtype: "int32" }], DTypeError],
    ],
  },
  linspace: {
    good: [0, 1, 3, { dtype: "float32", endpoint: false }],
    wrong: {
      0: FINITE,
      1: FINITE,
      2: count(ShapeError),
      3: options({ dtype: DTYPE, endpoint: FLAG }),
    },
    calls: [
      ["integers", [0, 1, 3, { dtype: "int32" }], DTypeError],
      ["too many", [0, 1, 2 ** 40], ShapeError],
    ],
  },
  fromJson: {
    good: [x.toJSON()],
    wrong: { 0: TENSOR_ITSELF.concat({ what: "a tensor", value: x, error: ArgumentError }) },
    calls: [
      ["no dtype", [{ shape: [1], data: [1] }], DTypeError],
      ["an unknown dtype", [{ dtype: "float16", shape: [1], data: [1] }], DTypeError],
      ["no shape", [{ dtype: "float64", data: [1] }], ShapeError],
      ["a size below 0", [{ dtype: "float64", shape: [-1], data: [] }], ShapeError],
      ["too few numbers", [{ dtype: "float64", shape: [2], data: [1] }], ShapeError],
      ["a number in quotes", [{ dtype: "float64", shape: [1], data: ["1"] }], ArgumentError],
      ["null, which JSON makes of NaN", [{ dtype: "float64", shape: [1], data: [null] }], ArgumentError],
      ["a hole", [{ dtype: "float64", shape: [2], data: holed([1, 1], 1) }], ArgumentError],
      ["half an int32", [{ dtype: "int32", shape: [1], data: [0.5] }], DTypeError],
    ],
  },
  ...each("toArray toTypedArray", { good: [x], wrong: { 0: TENSOR } }),
  random: {
    good: [231, "weights", 3],
    wrong: {
      0: without(count(), "one too few"),
      1: without(count(), "a string", "an empty string", "a number in quotes", "one too few"),
    },
    calls: [
      ["no seed", [], ArgumentError],
      ["too large a seed", [2 ** 53], ArgumentError],
      ["too large a label", [1, 2 ** 53], ArgumentError],
    ],
  },
  numpyRandom: {
    good: [231],
    wrong: { 0: count() },
    calls: [
      ["no seed", [], ArgumentError],
      ["too large a seed", [2 ** 32], ArgumentError],
    ],
  },
};

/** Sources of random numbers, which no call that is refused may move on. */
export const SOURCES = { random: random(1), numpyRandom: numpyRandom(1) } as const;

const { random: source, numpyRandom: numpy } = SOURCES;
const state = source.state();
const numpyState = numpy.state();
const STATE = without(TENSOR_ITSELF, "a tensor's parts", "another copy's tensor");

/** The methods of sources of random numbers, by the names that their messages give them. */
export const METHODS: Table = {
  "random.normal": {
    good: [[2], { mean: 1, std: 2, dtype: "float32" }],
    call: method(source, "normal"),
    wrong: { 0: SHAPE, 1: options({ mean: FINITE, std: FINITE, dtype: DTYPE }) },
    calls: [
      ["a std below 0", [[2], { std: -1 }], ArgumentError],
      ["integers", [[2], { dtype: "int32" }], DTypeError],
      ["a dtype for options", [[2], "float32"], ArgumentError],
    ],
  },
  "random.uniform": {
    good: [[2], { low: 1, high: 2, dtype: "float32" }],
    call: method(source, "uniform"),
    wrong: { 0: SHAPE, 1: options({ low: FINITE, high: FINITE, dtype: DTYPE }) },
    calls: [["integers", [[2], { dtype: "int32" }], DTypeError]],
  },
  "random.integers": {
    good: [[2], { low: -1, high: 2 }],
    call: method(source, "integers"),
    wrong: { 0: SHAPE, 1: options({ low: without(count(), "one too few"), high: count() }, { high: 3 }) },
    calls: [
      ["no range", [[2]], ArgumentError],
      ["no end", [[2], {}], ArgumentError],
      ["an empty range", [[2], { low: 3, high: 3 }], ArgumentError],
      ["a range beyond int32", [[2], { low: 0, high: 2 ** 32 }], ArgumentError],
      ["an end for options", [[2], 10], ArgumentError],
    ],
  },
  "random.bernoulli": {
    good: [[2], 0.5],
    call: method(source, "bernoulli"),
    wrong: { 0: SHAPE, 1: FINITE },
    calls: [
      ["no probability", [[2]], ArgumentError],
      ["a probability above 1", [[2], 1.5], ArgumentError],
      ["a probability below 0", [[2], -0.5], ArgumentError],
      ["a probability in quotes", [[2], "0.5"], ArgumentError],
    ],
  },
  "random.permutation": {
    good: [3],
    call: method(source, "permutation"),
    wrong: { 0: count() },
    calls: [["no number", [], ArgumentError]],
  },
  "Random.from": {
    good: [state],
    call: method(Random, "from"),
    wrong: { 0: STATE },
    calls: [
      ["all zeros", [{ ...state, words: [0, 0, 0, 0] }], ArgumentError],
      ["three words", [{ ...state, words: [1, 2, 3] }], ArgumentError],
      ["half a word", [{ ...state, words: [1, 2, 3, 0.5] }], ArgumentError],
      ["a hole", [{ ...state, words: holed([1, 2, 3, 4], 3) }], ArgumentError],
      ["no words", [{ cachedGaussian: null }], ArgumentError],
      ["NaN kept", [{ ...state, cachedGaussian: Number.NaN }], ArgumentError],
      ["nothing kept", [{ words: state.words }], ArgumentError],
    ],
  },
  Random: {
    good: [],
    // The way that is not barred: none.
    call: (...args) => (args.length === 0 ? random(1) : Reflect.construct(Random, [...args])),
    calls: [
      ["a seed", [231], ArgumentError],
      ["nothing", [undefined], ArgumentError],
    ],
  },
  "numpyRandom.rand": { good: [2, 3], call: method(numpy, "rand"), wrong: { 0: count(ShapeError) } },
  "numpyRandom.randn": { good: [2, 3], call: method(numpy, "randn"), wrong: { 0: count(ShapeError) } },
  "numpyRandom.uniform": {
    good: [0, 1, [2]],
    call: method(numpy, "uniform"),
    wrong: { 0: FINITE, 1: FINITE, 2: without(SHAPE, "undefined") },
  },
  "numpyRandom.normal": {
    good: [0, 1, [2]],
    call: method(numpy, "normal"),
    wrong: { 0: FINITE, 1: FINITE, 2: without(SHAPE, "undefined") },
    calls: [["a std below 0", [0, -1], ArgumentError]],
  },
  "numpyRandom.randint": {
    good: [0, 3, [2]],
    call: method(numpy, "randint"),
    wrong: { 0: without(count(), "one too few"), 1: count(), 2: without(SHAPE, "undefined") },
    calls: [
      ["no range", [], ArgumentError],
      ["an empty range", [3, 3], ArgumentError],
      ["a range beyond int32", [0, 2 ** 32], ArgumentError],
    ],
  },
  "numpyRandom.choice": {
    good: [3, [2], { replace: false }],
    call: method(numpy, "choice"),
    wrong: { 0: count(ArgumentError, 1), 1: without(SHAPE, "undefined"), 2: options({ replace: FLAG }) },
    calls: [["more than there are", [3, [4], { replace: false }], ArgumentError]],
  },
  "numpyRandom.permutation": {
    good: [3],
    call: method(numpy, "permutation"),
    wrong: { 0: count(ShapeError) },
    calls: [["too many", [2 ** 31], ShapeError]],
  },
  "NumPyRandom.from": {
    good: [numpyState],
    call: method(NumPyRandom, "from"),
    wrong: { 0: STATE },
    calls: [
      ["a short key", [{ ...numpyState, key: [1, 2] }], ArgumentError],
      ["no key", [{ ...numpyState, key: undefined }], ArgumentError],
      ["a key below 0", [{ ...numpyState, key: numpyState.key.with(3, -1) }], ArgumentError],
      ["a key of zeros", [{ ...numpyState, key: numpyState.key.map(() => 0) }], ArgumentError],
      ["a position too far", [{ ...numpyState, position: 625 }], ArgumentError],
      ["NaN kept", [{ ...numpyState, cachedNormal: Number.NaN }], ArgumentError],
    ],
  },
  NumPyRandom: {
    good: [],
    call: (...args) => (args.length === 0 ? numpyRandom(1) : Reflect.construct(NumPyRandom, [...args])),
    calls: [["a seed", [231], ArgumentError]],
  },
  item: {
    good: [],
    call: (t = tensor(1)) => method(t as object, "item")(),
    calls: [["several", [v], ShapeError]],
  },
};
