import {
  ArgumentError,
  AxisError,
  DTypeError,
  IndexError,
  ShapeError,
  scalar,
  tensor,
} from "../../src/index.ts";
import {
  axes,
  axis,
  CYCLE,
  count,
  DTYPE,
  EPS,
  FLAG,
  holed,
  NUMBER,
  options,
  SHAPE,
  TENSOR,
  type Wrong,
  without,
} from "./kinds.ts";
import { bools, clash, each, empty, integers, single, type Table, v, x } from "./misuse.ts";

const UNARY =
  "abs ceil cos erf exp expm1 floor isFinite isNaN log log1p logicalNot neg reciprocal relu round rsqrt sigmoid " +
  "sign sin softplus sqrt square stopGradient tanh trunc";

const BINARY =
  "add div divOrZero equal exceeds floorDivide greater greaterEqual less lessEqual logicalAnd logicalOr maximum " +
  "minimum mul notEqual pow remainder scale sub xlogy";

const KEEP_DIMS = options({ keepDims: FLAG });
const CORRECTED = options({
  keepDims: FLAG,
  correction: without(EPS, "text").concat({ what: "text", value: "1", error: ArgumentError }),
});
const NORMALIZING = options({ eps: EPS, axes: axes(2) });

/** Where indices are due: an int32 tensor, or arrays of integers. */
const INDICES: readonly Wrong[] = [
  ...without(TENSOR, "an array", "nested arrays"),
  { what: "half an index", value: [0.5], error: ArgumentError },
  { what: "NaN for an index", value: [Number.NaN], error: ArgumentError },
  { what: "an index in quotes", value: ["0"], error: ArgumentError },
  { what: "a boolean for an index", value: [true], error: ArgumentError },
  { what: "a hole", value: holed([0, 0], 1), error: ArgumentError },
  { what: "ragged arrays", value: [[0, 1], [0]], error: ShapeError },
  { what: "an index beside an array", value: [[0, 1], 0], error: ShapeError },
  { what: "an array in itself", value: CYCLE, error: ArgumentError },
  { what: "an index beyond int32", value: [2 ** 31], error: IndexError },
  { what: "floats", value: tensor([0, 1]), error: DTypeError },
  { what: "yes and no", value: tensor([true, false]), error: DTypeError },
];

const elementwise: Table = {
  ...each(UNARY, { good: [x], wrong: { 0: TENSOR } }),
  ...each(BINARY, {
    good: [x, v],
    wrong: { 0: TENSOR, 1: TENSOR },
    calls: [
      ["shapes that clash", [x, clash], ShapeError],
      ["float32 with float64", [x, single], DTypeError],
      ["float64 with float32", [single, x], DTypeError],
      ["nothing at all", [], ArgumentError],
    ],
  }),
  clamp: {
    good: [x, { min: 0, max: 2 }],
    wrong: { 0: TENSOR, 1: options({ min: NUMBER, max: NUMBER }, { max: 2 }) },
    calls: [
      ["no bounds", [x], ArgumentError],
      ["empty bounds", [x, {}], ArgumentError],
      ["bounds side by side", [x, 0, 2], ArgumentError],
      ["NaN for a bound", [x, { min: Number.NaN }], ArgumentError],
      ["bounds the wrong way round", [x, { min: 2, max: 0 }], ArgumentError],
    ],
  },
  cast: { good: [x, "float32"], wrong: { 0: TENSOR, 1: DTYPE }, calls: [["no dtype", [x], DTypeError]] },
  where: {
    good: [bools, x, 0],
    wrong: { 0: TENSOR, 1: TENSOR, 2: TENSOR },
    calls: [
      ["numbers for a condition", [x, x, x], DTypeError],
      ["integers for a condition", [integers, x, x], DTypeError],
      ["shapes that clash", [bools, x, clash], ShapeError],
      ["a condition that clashes", [bools, clash, clash], ShapeError],
      ["float32 with float64", [bools, x, single], DTypeError],
    ],
  },
};

const reductions: Table = {
  ...each("sum mean norm prod logsumexp max min all any", {
    good: [x, 1, { keepDims: true }],
    wrong: { 0: TENSOR, 1: axes(2), 2: KEEP_DIMS },
    calls: [
      ["an axis of a scalar", [scalar(1), 0], AxisError],
      ["an axis and keepDims side by side", [x, 0, true], ArgumentError],
    ],
  }),
  ...each("argmax argmin", {
    good: [x, 1, { keepDims: true }],
    wrong: { 0: TENSOR, 1: axis(2), 2: KEEP_DIMS },
    calls: [
      ["axes", [x, [0]], AxisError],
      ["nothing to choose from", [empty, 0], ShapeError],
      ["nothing at all to choose from", [empty], ShapeError],
    ],
  }),
  ...each("variance std", {
    good: [x, 1, { keepDims: true, correction: 1 }],
    wrong: { 0: TENSOR, 1: axes(2), 2: CORRECTED },
    calls: [["no degree of freedom left", [x, 0, { correction: 2 }], ShapeError]],
  }),
  ...each("softmax logSoftmax center", { good: [x, 1], wrong: { 0: TENSOR, 1: axes(2) } }),
  ...each("cumsum cumprod", {
    good: [x, 1, { exclusive: true, reverse: true }],
    wrong: { 0: TENSOR, 1: axis(2), 2: options({ exclusive: FLAG, reverse: FLAG }) },
    calls: [
      ["no axis", [x], AxisError],
      ["a scalar", [1], AxisError],
    ],
  }),
  recurrence: {
    good: [x, x, 1, { reverse: true }],
    wrong: { 0: TENSOR, 1: TENSOR, 2: axis(2), 3: options({ reverse: FLAG }) },
    calls: [
      ["no axis", [x, x], AxisError],
      ["two shapes", [x, v, 0], ShapeError],
      ["float32 with float64", [x, single, 0], DTypeError],
      ["an option of cumsum's", [x, x, 1, { exclusive: true }], ArgumentError],
    ],
  },
};

const movement: Table = {
  reshape: {
    good: [x, [3, -1]],
    wrong: { 0: TENSOR, 1: SHAPE },
    calls: [
      ["another size", [x, [4]], ShapeError],
      ["two sizes left open", [x, [-1, -1]], ShapeError],
      ["a size that cannot be worked out", [x, [-1, 4]], ShapeError],
    ],
  },
  broadcastTo: {
    good: [v, [2, 3]],
    wrong: { 0: TENSOR, 1: SHAPE },
    calls: [["a shape that it does not stretch to", [v, [3, 2]], ShapeError]],
  },
  sumTo: {
    good: [x, [3]],
    wrong: { 0: TENSOR, 1: SHAPE },
    calls: [["a shape that was not stretched to it", [x, [2]], ShapeError]],
  },
  transpose: {
    good: [x, [1, 0]],
    wrong: { 0: TENSOR, 1: axes(2) },
    calls: [
      ["too few axes", [x, [0]], AxisError],
      ["an axis twice", [x, [0, 0]], AxisError],
      ["a hole for an axis", [x, holed([0, 1], 1)], AxisError],
      ["one axis", [x, 0], AxisError],
    ],
  },
  flip: { good: [x, [0, 1]], wrong: { 0: TENSOR, 1: axes(2) } },
  expandDims: {
    good: [x, 0],
    wrong: { 0: TENSOR, 1: without(axes(3), "an axis twice, once from the back") },
    calls: [
      ["no axes", [x], AxisError],
      ["an axis of the result twice", [x, [0, -4]], AxisError],
    ],
  },
  squeeze: {
    good: [tensor([[[1, 2]]]), [0]],
    wrong: { 0: TENSOR, 1: axes(3) },
    calls: [["an axis of another size", [x, 0], ShapeError]],
  },
  concat: {
    good: [[x, x, integers], 1],
    wrong: { 0: without(TENSOR, "an array"), 1: axis(2) },
    calls: [
      ["nothing to join", [[]], ArgumentError],
      ["tensors side by side", [x, x], ArgumentError],
      ["a hole", [holed([x, x, x], 1)], ArgumentError],
      ["a string among them", [[x, "x"]], ArgumentError],
      ["scalars", [[1, 2]], AxisError],
      ["shapes that clash", [[x, clash], 0], ShapeError],
      ["two ranks", [[x, v]], ShapeError],
      ["float32 with float64", [[x, single]], DTypeError],
    ],
  },
  stack: {
    good: [[x, x, integers], 1],
    wrong: { 0: without(TENSOR, "an array"), 1: axis(3) },
    calls: [
      ["nothing to join", [[]], ArgumentError],
      ["tensors side by side", [x, x], ArgumentError],
      ["a hole", [holed([x, x, x], 1)], ArgumentError],
      ["a string among them", [[x, "x"]], ArgumentError],
      ["two shapes", [[x, v]], ShapeError],
      ["float32 with float64", [[x, single]], DTypeError],
    ],
  },
  split: {
    good: [x, [1, 2], 1],
    wrong: { 0: TENSOR, 1: count(ArgumentError, 1), 2: axis(2) },
    calls: [
      ["no parts", [x], ArgumentError],
      ["parts that do not divide it", [x, 2, 1], ShapeError],
      ["sizes that do not add up", [x, [1, 1], 1], ShapeError],
      ["half a size", [x, [1.5, 1.5], 1], ArgumentError],
      ["a size below 0", [x, [-1, 4], 1], ArgumentError],
      ["a size in quotes", [x, ["1", "2"], 1], ArgumentError],
      ["a hole", [x, holed([3, 0], 1), 1], ArgumentError],
      ["an axis of a scalar", [1, 1], AxisError],
    ],
  },
  slice: {
    good: [x, [0, [0, 2]]],
    wrong: { 0: TENSOR, 1: without(TENSOR, "an array", "nested arrays") },
    calls: [
      ["a range for no axis", [x, [0, 0, 0]], ShapeError],
      ["an index too far", [x, [2]], IndexError],
      ["an index too far back", [x, [-3]], IndexError],
      ["half an index", [x, [0.5]], ArgumentError],
      ["NaN for an index", [x, [Number.NaN]], ArgumentError],
      ["a string for a range", [x, ["0:1"]], ArgumentError],
      ["a boolean for a range", [x, [true]], ArgumentError],
      ["an object for a range", [x, [{ start: 0 }]], ArgumentError],
      ["a step of 0", [x, [[0, 1, 0]]], ArgumentError],
      ["half a start", [x, [[0.5]]], ArgumentError],
      ["a stop in quotes", [x, [[0, "1"]]], ArgumentError],
      ["NaN for a stop", [x, [[0, Number.NaN]]], ArgumentError],
      ["four parts", [x, [[0, 1, 1, 1]]], ArgumentError],
    ],
  },
  unslice: {
    good: [v, [5], { start: [1], size: [3], step: [1] }],
    wrong: { 0: TENSOR, 1: SHAPE, 2: TENSOR },
    calls: [
      ["a window without a step", [v, [5], { start: [1], size: [3] }], ArgumentError],
      ["a window that reaches out", [v, [3], { start: [1], size: [3], step: [1] }], IndexError],
      ["a window of another rank", [v, [5], { start: [1, 0], size: [3], step: [1] }], ShapeError],
      ["a window of another size", [v, [5], { start: [1], size: [2], step: [1] }], ShapeError],
      ["half a start", [v, [5], { start: [0.5], size: [3], step: [1] }], ArgumentError],
      ["a start in quotes", [v, [5], { start: ["1"], size: [3], step: [1] }], ArgumentError],
      ["NaN for a start", [v, [5], { start: [Number.NaN], size: [3], step: [1] }], ArgumentError],
      ["a step of 0", [v, [5], { start: [1], size: [3], step: [0] }], ArgumentError],
      ["a symbol for a step", [v, [5], { start: [1], size: [3], step: [Symbol("s")] }], ArgumentError],
      ["half a size", [v, [5], { start: [1], size: [1.5], step: [1] }], ShapeError],
    ],
  },
  pad: {
    good: [x, [[0, 1], 2], 7],
    wrong: { 0: TENSOR, 1: count(), 2: NUMBER },
    calls: [
      ["no widths", [x], ArgumentError],
      ["too few widths", [x, [1]], ShapeError],
      ["a width below 0 at one end", [x, [[0, -1], 0]], ArgumentError],
      ["half a width", [x, [[0, 0.5], 0]], ArgumentError],
      ["a symbol for a width", [x, [[0, Symbol("w")], 0]], ArgumentError],
      ["three widths for an axis", [x, [[1, 2, 3], 0]], ArgumentError],
      ["a string for a width", [x, ["1", 0]], ArgumentError],
      ["a hole", [x, holed([0, 0], 1)], ArgumentError],
      ["more than there can be", [x, 2 ** 40], ShapeError],
      ["a value that int32 does not hold", [integers, 1, 0.5], DTypeError],
      ["a value that bool does not hold", [bools, 1, 2], DTypeError],
      ["NaN among integers", [integers, 1, Number.NaN], DTypeError],
    ],
  },
};

const indexing: Table = {
  take: {
    good: [x, [0, -1], 1],
    wrong: { 0: TENSOR, 1: INDICES, 2: axis(2) },
    calls: [
      ["no axis", [x, [0]], AxisError],
      ["no indices", [x], ArgumentError],
      ["an index too far", [x, [0, 3], 1], IndexError],
      ["an index too far back", [x, [-4], 1], IndexError],
    ],
  },
  scatterAdd: {
    good: [tensor([1, 2]), [0, -1], 0, 4],
    wrong: { 0: TENSOR, 1: INDICES, 2: axis(1), 3: count() },
    calls: [
      ["no size", [v, [0, 1, 2], 0], ArgumentError],
      ["an index too far", [v, [0, 1, 4], 0, 4], IndexError],
      ["too few indices", [v, [0, 1], 0, 4], ShapeError],
      ["indices of more axes than x has", [v, [[[0]]], 0, 4], ShapeError],
      ["more than there can be", [v, [0, 1, 2], 0, 2 ** 40], ShapeError],
    ],
  },
  gatherNd: {
    good: [x, [[0, 1], 2]],
    wrong: { 0: TENSOR, 1: without(TENSOR, "an array", "nested arrays") },
    calls: [
      ["no indices", [x, []], ArgumentError],
      ["a hole", [x, holed([0, 0], 0)], ArgumentError],
      ["half an index", [x, [0, [0.5]]], ArgumentError],
      ["floats", [x, [tensor([0])]], DTypeError],
      ["more indices than axes", [x, [0, 0, 0]], ShapeError],
      [
        "indices that clash",
        [
          x,
          [
            [0, 1],
            [0, 1, 2],
          ],
        ],
        ShapeError,
      ],
      ["an index too far", [x, [0, 3]], IndexError],
      ["an index too far back", [x, [-3, 0]], IndexError],
    ],
  },
  ravelIndex: {
    good: [
      [[0, 1], 2],
      [2, 3],
    ],
    wrong: { 0: without(TENSOR, "an array", "nested arrays"), 1: SHAPE },
    calls: [
      ["no indices", [[], []], ArgumentError],
      ["a hole", [holed([0, 0], 0), [2, 3]], ArgumentError],
      [
        "a string for an index",
        [
          ["0", 0],
          [2, 3],
        ],
        ArgumentError,
      ],
      [
        "an index for no axis",
        [
          [0, 0, 0],
          [2, 3],
        ],
        ShapeError,
      ],
      [
        "indices that clash",
        [
          [
            [0, 1],
            [0, 1, 2],
          ],
          [2, 3],
        ],
        ShapeError,
      ],
      [
        "floats",
        [
          [tensor([0]), 0],
          [2, 3],
        ],
        DTypeError,
      ],
      [
        "an index too far",
        [
          [0, 3],
          [2, 3],
        ],
        IndexError,
      ],
      [
        "more places than int32 counts",
        [
          [0, 0],
          [2 ** 16, 2 ** 15 + 1],
        ],
        ShapeError,
      ],
    ],
  },
  oneHot: {
    good: [[0, 2], 3, "float32"],
    wrong: { 0: INDICES, 1: count(), 2: DTYPE },
    calls: [
      ["no number of classes", [[0]], ArgumentError],
      ["a label that is no class", [[0, 3], 3], IndexError],
      ["a label below 0", [[-1], 3], IndexError],
      ["a label without classes", [[0], 0], IndexError],
      ["more than there can be", [[0], 2 ** 40], ShapeError],
    ],
  },
};

const linearAlgebra: Table = {
  matmul: {
    good: [x, v],
    wrong: { 0: TENSOR, 1: TENSOR },
    calls: [
      ["inner sizes that differ", [x, x], ShapeError],
      ["a scalar", [x, 2], ShapeError],
      ["batches that clash", [tensor([[[1]], [[1]]]), tensor([[[1]], [[1]], [[1]]])], ShapeError],
      ["float32 with float64", [single, v], DTypeError],
      ["vectors of two dtypes", [tensor(Float32Array.of(1, 2, 3)), v], DTypeError],
    ],
  },
  dot: {
    good: [v, v],
    wrong: { 0: TENSOR, 1: TENSOR },
    calls: [
      ["matrices", [x, x], ShapeError],
      ["two lengths", [v, tensor([1, 2])], ShapeError],
      ["float32 with float64", [v, tensor(Float32Array.of(1, 2, 3))], DTypeError],
    ],
  },
  outer: {
    good: [v, v],
    wrong: { 0: TENSOR, 1: TENSOR },
    calls: [
      ["a matrix", [x, v], ShapeError],
      ["float32 with float64", [v, tensor(Float32Array.of(1, 2, 3))], DTypeError],
    ],
  },
};

const GAMMA = tensor(Float32Array.of(1, 1, 1));
const statistics = { mean: v, variance: v };

const layers: Table = {
  standardize: { good: [x, 0, { eps: 1e-3 }], wrong: { 0: TENSOR, 1: axes(2), 2: options({ eps: EPS }) } },
  ...each("batchNorm fusedBatchNorm", {
    good: [x, v, 0, { axes: 0, eps: 1e-3 }],
    wrong: { 0: TENSOR, 1: TENSOR, 2: TENSOR, 3: NORMALIZING },
    calls: [
      ["a batch of one", [tensor([[1, 2, 3]]), v, v], ShapeError],
      ["no axes where there are three", [tensor([[[1]], [[2]]]), 1, 0], ShapeError],
      ["a gamma that does not fit", [x, tensor([1, 2]), 0], ShapeError],
      ["a beta that does not fit", [x, 1, tensor([1, 2])], ShapeError],
      ["a gamma of another dtype", [x, GAMMA, 0], DTypeError],
      ["a beta of another dtype", [x, 1, GAMMA], DTypeError],
      ["axes side by side", [x, v, v, 0], ArgumentError],
      ["epsilon for eps", [x, v, v, { epsilon: 1e-5 }], ArgumentError],
      ["a momentum", [x, v, v, { momentum: 0.9 }], ArgumentError],
    ],
  }),
  ...each("layerNorm fusedLayerNorm", {
    good: [x, v, 0, { axes: 1, eps: 1e-3 }],
    wrong: { 0: TENSOR, 1: TENSOR, 2: TENSOR, 3: NORMALIZING },
    calls: [
      ["a scalar", [1, 1, 0], AxisError],
      ["a gamma that does not fit", [x, tensor([1, 2]), 0], ShapeError],
      ["a beta of another dtype", [x, 1, GAMMA], DTypeError],
    ],
  }),
  batchNormInference: {
    good: [x, statistics, v, 0, { axes: 0, eps: 1e-3 }],
    wrong: { 0: TENSOR, 1: TENSOR, 2: TENSOR, 3: TENSOR, 4: NORMALIZING },
    calls: [
      ["no variance", [x, { mean: v }, v, 0], ArgumentError],
      ["a mean in an array", [x, { mean: [1, 2, 3], variance: v }, v, 0], ArgumentError],
      ["a mean that does not fit", [x, { mean: tensor([1, 2]), variance: v }, v, 0], ShapeError],
      ["a mean of another dtype", [x, { mean: GAMMA, variance: v }, v, 0], DTypeError],
      ["a variance of another dtype", [x, { mean: v, variance: GAMMA }, v, 0], DTypeError],
    ],
  },
  groupNorm: {
    good: [tensor([[1, 2, 3, 4]]), 2, tensor([1, 2, 3, 4]), 0, { eps: 1e-3 }],
    wrong: { 0: TENSOR, 1: count(ArgumentError, 1), 2: TENSOR, 3: TENSOR, 4: options({ eps: EPS }) },
    calls: [
      ["groups that do not divide the channels", [x, 2, v, v], ShapeError],
      ["no channels", [v, 1, 1, 0], ShapeError],
      ["a gamma that does not fit", [x, 3, tensor([1, 2]), 0], ShapeError],
      ["a gamma of another dtype", [x, 3, GAMMA, 0], DTypeError],
      ["axes, which are not its to choose", [x, 3, v, v, { axes: 0 }], ArgumentError],
    ],
  },
  crossEntropy: {
    good: [x, [0, 2], 1],
    wrong: { 0: TENSOR, 1: without(INDICES, "floats"), 2: axis(2) },
    calls: [
      ["no labels", [x], ArgumentError],
      ["a label that is no class", [x, [0, 3]], IndexError],
      ["a label below 0", [x, [0, -1]], IndexError],
      ["too few labels", [x, [0]], ShapeError],
      ["labels that are floats", [x, tensor([0, 1])], ShapeError],
      ["a distribution of another dtype", [x, single], DTypeError],
      ["logits without a class", [1, 0], AxisError],
    ],
  },
  binaryCrossEntropyWithLogits: {
    good: [x, bools],
    wrong: { 0: TENSOR, 1: TENSOR },
    calls: [
      ["targets that would stretch", [x, v], ShapeError],
      ["targets of another dtype", [x, single], DTypeError],
    ],
  },
};

export const OPS: Table = {
  ...elementwise,
  ...reductions,
  ...movement,
  ...indexing,
  ...linearAlgebra,
  ...layers,
};
