/** The layer that ops and transforms are made of: what somebody writes an op or a pass with. */
import {
  Abs,
  Add,
  ArgumentError,
  AxisError,
  add,
  bind,
  DTypeError,
  deferred,
  elementwise,
  FusedLayerNorm,
  formula,
  grad,
  mul,
  neg,
  type Primitive,
  type Program,
  RuleError,
  record,
  ShapeError,
  Sum,
  sum,
  type Tensor,
  type Trace,
  tensor,
  trace,
  unary,
} from "../../src/index.ts";
import {
  ARRAY_FOR_SHAPE,
  axes,
  axis,
  count,
  DTYPE,
  FUNCTION,
  holed,
  NUMBER,
  RECORDED,
  SHAPE,
  TENSOR,
  TENSOR_ITSELF,
  TEXT,
  type Wrong,
  without,
} from "./kinds.ts";
import { clash, each, integers, single, type Table, v, x } from "./misuse.ts";

const square = (t: Tensor): Tensor => mul(t, t);
const tape: Trace = trace((t) => [square(t!)], [x], true);
const program: Program = record(square, x);

/** Where an array of tensors is due. */
const TENSORS: readonly Wrong[] = [
  ...without(TENSOR_ITSELF, "an array", "nested arrays"),
  { what: "a tensor not in an array", value: x, error: ArgumentError },
  { what: "numbers in an array", value: [1], error: ArgumentError },
  { what: "undefined in an array", value: [undefined], error: ArgumentError },
  { what: "a hole", value: new Array(1), error: ArgumentError },
];

/** Where a differential of x, or null, is due in an array. */
const SEEDS: readonly Wrong[] = [
  ...TENSORS,
  { what: "too many", value: [x, x], error: ArgumentError },
  { what: "too few", value: [], error: ArgumentError },
  { what: "another shape", value: [v], error: ShapeError },
  { what: "another dtype", value: [single], error: DTypeError },
];

/** Where a primitive is due. */
const PRIMITIVE: readonly Wrong[] = [
  ...without(TENSOR_ITSELF),
  { what: "an op's function", value: add, error: ArgumentError },
];

const shapes: Table = {
  ...each("sizeOf stridesOf", { good: [[2, 3]], wrong: { 0: ARRAY_FOR_SHAPE } }),
  ...each("sameShape stretchesTo stretchedAxes", {
    good: [[3], [2, 3]],
    wrong: { 0: ARRAY_FOR_SHAPE, 1: ARRAY_FOR_SHAPE },
  }),
  reducedShape: { good: [[2, 3], [0], false], wrong: { 0: ARRAY_FOR_SHAPE, 1: ARRAY_FOR_SHAPE } },
  sizeAlong: { good: [[2, 3], [0]], wrong: { 0: ARRAY_FOR_SHAPE, 1: ARRAY_FOR_SHAPE } },
  broadcastShapes: {
    good: ["op", [2, 3], [3]],
    name: "op",
    wrong: { 1: ARRAY_FOR_SHAPE, 2: ARRAY_FOR_SHAPE },
    calls: [["shapes that clash", ["op", [2, 3], [2]], ShapeError]],
  },
  checkedShape: { good: ["op", [2, 3]], name: "op", wrong: { 1: SHAPE } },
  normalizeAxis: {
    good: ["op", -1, 2],
    name: "op",
    wrong: { 1: axis(2) },
    calls: [["of a scalar", ["op", 0, 0], AxisError]],
  },
  normalizeAxes: { good: ["op", [0, -1], 2], name: "op", wrong: { 1: axes(2) } },
};

const dtypes: Table = {
  checkedDType: { good: ["op", "int32"], name: "op", wrong: { 1: DTYPE } },
  ...each("promote promoteArithmetic promoteReal", {
    good: ["op", "int32", "float32"],
    name: "op",
    wrong: { 1: DTYPE, 2: DTYPE },
    calls: [["float32 with float64", ["op", "float32", "float64"], DTypeError]],
  }),
  allocate: {
    good: ["int32", 3],
    wrong: { 0: DTYPE, 1: count() },
    calls: [["more than memory holds", ["float64", 2 ** 52], ShapeError]],
  },
};

const tensors: Table = {
  fromData: {
    good: [[2], "float32", Float32Array.of(1, 2)],
    wrong: { 0: SHAPE, 1: DTYPE, 2: TENSOR_ITSELF },
    calls: [
      ["data of another kind", [[2], "float32", Float64Array.of(1, 2)], ArgumentError],
      ["too few data", [[2], "float32", Float32Array.of(1)], ShapeError],
    ],
  },
  deferred: {
    good: [[2], "float64", () => Float64Array.of(1, 2)],
    wrong: { 0: SHAPE, 1: DTYPE, 2: FUNCTION },
  },
  "deferred, when it is read": {
    good: [() => Float64Array.of(1, 2)],
    name: "deferred",
    call: (compute) => readLater(compute),
    calls: [
      ["nothing", [() => undefined], ArgumentError],
      ["an array", [() => [1, 2]], ArgumentError],
      ["a promise", [async () => Float64Array.of(1, 2)], ArgumentError],
      ["data of another kind", [() => Float32Array.of(1, 2)], ArgumentError],
      ["too few data", [() => Float64Array.of(1)], ShapeError],
    ],
  },
  filled: { good: [[2], "float32", 1], wrong: { 0: SHAPE, 1: DTYPE, 2: NUMBER } },
  scalar: { good: [1, "float32"], wrong: { 0: NUMBER, 1: DTYPE } },
  asTensor: { good: ["op", 1], name: "op", wrong: { 1: TENSOR } },
  asOperands: { good: ["op", 1, x], name: "op", wrong: { 1: TENSOR, 2: TENSOR } },
  named: {
    good: [x, "x"],
    wrong: { 0: TENSOR_ITSELF, 1: [...TEXT, { what: "an empty name", value: "", error: ArgumentError }] },
  },
};

function readLater(compute: unknown): unknown {
  const t: unknown = Reflect.apply(deferred, undefined, [[2], "float64", compute]);
  return (t as Tensor).data;
}

const walks: Table = {
  trace: {
    good: [(t: Tensor) => [square(t)], [x], true],
    wrong: { 0: FUNCTION, 1: TENSORS },
    calls: [
      ["an f that returns nothing", [() => undefined, [x], true], ArgumentError],
      ["an f that returns a tensor", [square, [x], true], ArgumentError],
      ["an f that returns a number", [() => [1], [x], true], ArgumentError],
      ["an f that returns a promise", [async (t: Tensor) => [t], [x], true], ArgumentError],
    ],
  },
  pullback: {
    good: [tape, [x], add],
    wrong: { 0: RECORDED, 1: SEEDS, 2: FUNCTION },
    calls: [["a program for a tape", [program, [x], add], ArgumentError]],
  },
  pushforward: { good: [tape, [x]], wrong: { 0: RECORDED, 1: SEEDS } },
  isDifferentiating: { good: [[x]], wrong: { 0: TENSORS } },
  bind: {
    good: [Sum, [x], { axes: [0], keepDims: false }],
    wrong: { 0: PRIMITIVE, 1: TENSORS },
  },
  "bind, of an op": {
    good: [Add, [x, v], undefined],
    name: "add",
    call: (...args) => Reflect.apply(bind, undefined, args),
    calls: [
      ["shapes that clash", [Add, [x, clash], undefined], ShapeError],
      ["float32 with float64", [Add, [x, single], undefined], DTypeError],
    ],
  },
};

const programs: Table = {
  programOf: { good: [tape], wrong: { 0: RECORDED }, calls: [["a program", [program], ArgumentError]] },
  replay: {
    good: [program, [x]],
    wrong: {
      0: RECORDED,
      1: without(TENSORS, "an object"),
      2: without(FUNCTION, "undefined"),
    },
    calls: [
      ["too few inputs", [program, []], ArgumentError],
      ["too many inputs", [program, [x, x]], ArgumentError],
      ["another shape", [program, [v]], ShapeError],
      ["another dtype", [program, [single]], ShapeError],
    ],
  },
  rewrite: { good: [program, () => undefined], wrong: { 0: RECORDED, 1: FUNCTION } },
  simplify: {
    good: [program, {}],
    wrong: { 0: RECORDED, 1: without(TENSOR_ITSELF, "undefined", "an object") },
    calls: [
      ["a misspelt option", [program, { rule: [] }], ArgumentError],
      ["rules not in an array", [program, { rules: {} }], ArgumentError],
      ["a rule by its name", [program, { rules: ["times one"] }], ArgumentError],
      ["a hole among the rules", [program, { rules: new Array(1) }], ArgumentError],
    ],
  },
  ...each(
    "expandReferences foldConstants inOrder mergeCommon removeDeadNodes toText toExpressions toDot toLatex toJSON",
    {
      good: [program],
      wrong: { 0: RECORDED },
      calls: [["a function that was not recorded", [square], ArgumentError]],
    },
  ),
};

const printing: Table = {
  numberText: { good: [0.1, "float32"], wrong: { 0: NUMBER } },
  roundedText: {
    good: [0.1, 3],
    wrong: { 0: NUMBER, 1: count(ArgumentError, 1) },
    calls: [["too many digits", [0.1, 101], ArgumentError]],
  },
  tensorText: {
    good: [x, null],
    wrong: { 0: without(TENSOR_ITSELF, "a tensor's parts", "another copy's tensor") },
  },
  columns: {
    good: [[["a", "b"]], [1]],
    wrong: {
      0: without(TENSOR_ITSELF, "a typed array"),
      1: without(TENSOR_ITSELF, "undefined", "an array", "nested arrays"),
    },
    calls: [
      ["numbers in cells", [[[1]]], ArgumentError],
      ["a hole", [holed([["b"], ["a"]], 0)], ArgumentError],
    ],
  },
};

const SOFTSIGN = { formula: (t: never) => formula.abs(t), derivative: null };
const STEP = { formula: (a: never, b: never) => formula.lt(a, b), partials: null, latex: () => "" };

/** Where a rule is due: not an object, and one by one without each of its parts. */
function rules(rule: object, parts: readonly string[]): Wrong[] {
  const missing = parts.flatMap((part): Wrong[] => [
    { what: `a rule without ${part}`, value: { ...rule, [part]: undefined }, error: ArgumentError },
    { what: `a rule with a string for ${part}`, value: { ...rule, [part]: "x" }, error: ArgumentError },
  ]);
  return [...without(TENSOR_ITSELF, "a boolean"), ...missing];
}

const LINEAR = {
  shape: (t: Tensor) => t.shape,
  kernel: () => undefined,
  apply: neg,
  adjoint: neg,
  samples: () => [],
  rejects: () => [],
  latex: () => "",
};

const { reference, shape, dtype, kernel, samples, rejects, text, latex } = FusedLayerNorm;
const FUSED = {
  name: "mine",
  reference,
  shape,
  dtype,
  kernel,
  samples,
  rejects,
  text,
  latex,
  closedForm: () => [null, null, null],
};
const PARTS = [
  "shape",
  "dtype",
  "kernel",
  "jvp",
  "vjp",
  "samples",
  "rejects",
  "conventions",
  "text",
  "latex",
];

/** An elementwise op with a formula, made. */
function madeOf(f: unknown): unknown {
  return Reflect.apply(elementwise, undefined, ["mine", { formula: f, derivative: null }]);
}

/** The gradient by an op whose vjp is this. */
function gradientBy(vjp: never): unknown {
  const op: Primitive<readonly [Tensor]> = { ...Abs, name: "mine", vjp };
  return grad((t: Tensor) => sum(bind(op, [t], undefined)))(x);
}

const families: Table = {
  elementwise: {
    good: ["mine", SOFTSIGN],
    wrong: { 0: without(TEXT, "an empty string"), 1: rules(SOFTSIGN, ["formula", "derivative"]) },
    calls: [["an empty name", ["", SOFTSIGN], ArgumentError]],
  },
  "elementwise, its formula": {
    good: [(t: never) => formula.add(t, 1)],
    name: "elementwise",
    call: madeOf,
    calls: [
      ["JavaScript's own plus", [() => "x + 1"], ArgumentError],
      ["nothing", [() => undefined], ArgumentError],
      ["an op", [() => tensor(1)], ArgumentError],
      ["a string in a formula", [(t: never) => formula.add(t, "1" as never)], ArgumentError],
      ["null in a formula", [(t: never) => formula.mul(t, null as never)], ArgumentError],
      ["a promise", [async (t: never) => t], ArgumentError],
    ],
  },
  broadcasting: {
    good: ["mine", STEP],
    wrong: { 0: without(TEXT, "an empty string"), 1: rules(STEP, ["formula", "partials", "latex"]) },
    calls: [
      ["one partial", ["mine", { ...STEP, partials: [1] }], ArgumentError],
      ["partials that are none", ["mine", { ...STEP, partials: [1, 2] }], ArgumentError],
      ["a formula that is none", ["mine", { ...STEP, formula: () => "a < b" }], ArgumentError],
    ],
  },
  linear: {
    good: ["mine", LINEAR],
    wrong: { 0: without(TEXT, "an empty string"), 1: rules(LINEAR, Object.keys(LINEAR)) },
  },
  fused: {
    good: [FUSED],
    wrong: { 0: rules(FUSED, Object.keys(FUSED).slice(1)) },
    calls: [["a rule without a name", [{ ...FUSED, name: undefined }], ArgumentError]],
  },
  primitive: {
    good: [{ ...Abs, name: "mine" }],
    wrong: { 0: rules({ ...Abs, name: "mine" }, [...PARTS, "lowering"]) },
    calls: [["a rule without a name", [{ ...Abs, name: "" }], ArgumentError]],
  },
  unary: { good: [Abs, x], wrong: { 0: PRIMITIVE } },
  "unary, of an op": {
    good: [Abs, x],
    name: "abs",
    call: (...args) => Reflect.apply(unary, undefined, args),
    wrong: { 1: TENSOR },
  },
  binary: { good: [Add, x, v], wrong: { 0: PRIMITIVE } },
  "a primitive's vjp": {
    good: [() => [x]],
    name: "vjp of mine",
    call: (vjp) => gradientBy(vjp as never),
    calls: [
      ["nothing", [() => undefined], RuleError],
      ["a tensor", [() => x], RuleError],
      ["too many", [() => [x, x]], RuleError],
      ["undefined for one", [() => [undefined]], RuleError],
      ["a number for one", [() => [1]], RuleError],
      ["another shape", [() => [v]], RuleError],
      ["another dtype", [() => [single]], RuleError],
      ["integers", [() => [integers]], RuleError],
    ],
  },
};

export const CORE: Table = {
  ...shapes,
  ...dtypes,
  ...tensors,
  ...walks,
  ...programs,
  ...printing,
  ...families,
};
