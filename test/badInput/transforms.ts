import {
  ArgumentError,
  add,
  cast,
  compile,
  customVjp,
  DTypeError,
  grad,
  hessian,
  jacobian,
  mul,
  NotDifferentiableError,
  NotScalarError,
  RuleError,
  ShapeError,
  sum,
  type Tensor,
  valueAndGrad,
  vjp,
} from "../../src/index.ts";
import { FUNCTION, TENSOR, TREE, type Wrong, without } from "./kinds.ts";
import { bools, clash, integers, type Misuse, single, type Table, v, x } from "./misuse.ts";

/** A function of two arguments of which the first is called with the rest. */
function curried(transform: unknown): (...args: readonly unknown[]) => unknown {
  return (f, ...rest) => {
    const made: unknown = Reflect.apply(transform as () => unknown, undefined, [f]);
    return Reflect.apply(made as () => unknown, undefined, rest);
  };
}

const loss = (t: Tensor): Tensor => sum(mul(t, t));
const square = (t: Tensor): Tensor => mul(t, t);
const both = (t: Tensor): { a: Tensor; b: Tensor } => ({ a: t, b: add(t, 1) });

/** What f may not return, whatever is done with it. */
const RESULTS: readonly (readonly [what: string, f: unknown])[] = [
  ["nothing", () => undefined],
  ["null", () => null],
  ["a string", () => "loss"],
  ["a boolean", () => true],
  ["a promise", async (t: Tensor) => sum(t)],
  ["a function", () => () => 1],
  ["a symbol", () => Symbol("y")],
  ["a bigint", () => 1n],
  ["a string in a tree", (t: Tensor) => ({ y: t, note: "x" })],
];

/** The calls with each of them. */
function results(...rest: readonly unknown[]): NonNullable<Misuse["calls"]> {
  return RESULTS.map(([what, f]) => [`an f that returns ${what}`, [f, ...rest], ArgumentError] as const);
}

/** Calls of what needs one number from f, with `rest` behind f. */
function scalars(...rest: readonly unknown[]): NonNullable<Misuse["calls"]> {
  return [
    ...results(...rest),
    ["an f that returns several numbers", [square, ...rest], NotScalarError],
    ["an f that returns a tree", [both, ...rest], NotScalarError],
    ["an f that returns a tree of one", [(t: Tensor) => [sum(t)], ...rest], NotScalarError],
    ["an f that returns an empty tree", [() => ({}), ...rest], NotScalarError],
    ["an f that returns an integer", [(t: Tensor) => cast(sum(t), "int32"), ...rest], NotDifferentiableError],
  ];
}

/** What no derivative can be taken with respect to, alone or beside others. */
function undifferentiable(f: unknown): NonNullable<Misuse["calls"]> {
  return [
    ["integers", [f, integers], NotDifferentiableError],
    ["yes and no", [f, bools], NotDifferentiableError],
    ["integers beside floats", [(a: Tensor) => loss(a), x, { labels: integers }], NotDifferentiableError],
    ["no input", [f], ArgumentError],
    ["null alone", [f, null], ArgumentError],
    ["undefined alone", [f, undefined], ArgumentError],
  ];
}

/** Where a tangent or a cotangent for x is due. */
const DIFFERENTIAL: readonly Wrong[] = [
  ...without(TENSOR, "null"),
  { what: "a number", value: 1, error: ShapeError },
  { what: "a boolean", value: true, error: ArgumentError },
  { what: "another shape", value: clash, error: ShapeError },
  { what: "a shape that would stretch", value: v, error: ShapeError },
  { what: "another dtype", value: single, error: DTypeError },
  { what: "integers", value: integers, error: DTypeError },
  { what: "a tree", value: [x], error: ArgumentError },
];

/** In an array: what jvp and hvp take for tangents. */
const DIFFERENTIALS: readonly Wrong[] = [
  ...DIFFERENTIAL.map((w) => ({ ...w, what: `${w.what}, in an array`, value: [w.value] })),
  ...without(TENSOR, "an array", "nested arrays"),
  { what: "a tensor not in an array", value: x, error: ArgumentError },
  { what: "too many", value: [x, x], error: ArgumentError },
  { what: "too few", value: [], error: ArgumentError },
  { what: "a hole", value: new Array(1), error: ArgumentError },
];

const INPUTS: readonly Wrong[] = [
  ...TREE.map((w) => ({ ...w, what: `${w.what}, in an array`, value: [w.value] })),
  ...without(TENSOR, "an array", "nested arrays"),
  { what: "a tensor not in an array", value: x, error: ArgumentError },
];

/** f with a backward that is right. */
const doubled = (t: Tensor): Tensor => mul(2, t);
const rule = (_: unknown, yBar: Tensor): readonly [Tensor] => [mul(2, yBar)];

/** customVjp of f and rule, applied, and pulled back through. */
function customised(f: never, backward: never, t: Tensor): unknown {
  return grad((u: Tensor) => sum(customVjp(f, backward)(u as never)))(t);
}

export const TRANSFORMS: Table = {
  grad: {
    good: [loss, x],
    call: curried(grad),
    wrong: { 0: FUNCTION, 1: TREE },
    calls: [...scalars(x), ...undifferentiable(loss)],
  },
  valueAndGrad: {
    good: [loss, x],
    call: curried(valueAndGrad),
    wrong: { 0: FUNCTION, 1: TREE },
    calls: [...scalars(x), ...undifferentiable(loss)],
  },
  "compile, called": {
    good: [square, x],
    name: "compile",
    call: curried(compile),
    wrong: { 0: FUNCTION, 1: TREE },
    calls: results(x),
  },
  hessian: {
    good: [loss, x],
    call: curried(hessian),
    wrong: { 0: FUNCTION, 1: TREE },
    calls: [...scalars(x), ...undifferentiable(loss)],
  },
  jacobian: {
    good: [square, x],
    call: curried(jacobian),
    wrong: { 0: FUNCTION, 1: TREE },
    calls: [
      ...results(x),
      ...undifferentiable(square),
      ["an f that returns integers", [(t: Tensor) => cast(t, "int32"), x], NotDifferentiableError],
    ],
  },
  vjp: {
    good: [square, x],
    wrong: { 0: FUNCTION, 1: TREE },
    calls: [...results(x), ...undifferentiable(square)],
  },
  "vjp, its pullback": {
    good: [x],
    name: "vjp",
    call: (...yBar) => {
      const [, pullback] = vjp(square, x);
      return Reflect.apply(pullback, undefined, yBar);
    },
    wrong: { 0: DIFFERENTIAL },
    calls: [["no cotangent", [], ArgumentError]],
  },
  "vjp, the pullback of a tree": {
    good: [{ b: x, a: null }],
    name: "vjp",
    call: (...yBar) => {
      const [, pullback] = vjp(both, x);
      return Reflect.apply(pullback, undefined, yBar);
    },
    calls: [
      ["no cotangent", [], ArgumentError],
      ["a tensor for a tree", [x], ArgumentError],
      ["an array for an object", [[x, x]], ArgumentError],
      ["a key left out", [{ a: x }], ArgumentError],
      ["a key too many", [{ a: x, b: x, c: x }], ArgumentError],
      ["another key", [{ a: x, c: x }], ArgumentError],
      ["undefined for a key", [{ a: x, b: undefined }], ArgumentError],
      ["a tree for a tensor", [{ a: x, b: [x] }], ArgumentError],
      ["another shape", [{ a: x, b: v }], ShapeError],
      ["another dtype", [{ a: x, b: single }], DTypeError],
    ],
  },
  jvp: {
    good: [square, [x], [x]],
    wrong: { 0: FUNCTION, 1: INPUTS, 2: DIFFERENTIALS },
    calls: [
      ...results([x], [x]),
      ["integers", [square, [integers], [integers]], NotDifferentiableError],
      ["no tangents", [square, [x]], ArgumentError],
      ["no input", [() => x, [], []], ArgumentError],
    ],
  },
  hvp: {
    good: [loss, [x], [x]],
    wrong: { 0: FUNCTION, 1: INPUTS, 2: DIFFERENTIALS },
    calls: [
      ...scalars([x], [x]),
      ["integers", [loss, [integers], [integers]], NotDifferentiableError],
      ["no vector", [loss, [x]], ArgumentError],
      ["no input", [() => sum(x), [], []], ArgumentError],
    ],
  },
  record: { good: [square, x], wrong: { 0: FUNCTION, 1: TREE }, calls: results(x) },
  derive: {
    good: [square, x],
    wrong: { 0: FUNCTION, 1: TREE },
    calls: [
      ...results(x),
      ["integers alone", [square, integers], NotDifferentiableError],
      ["no input", [() => x], NotDifferentiableError],
      ["an f that returns integers", [(t: Tensor) => cast(t, "int32"), x], NotDifferentiableError],
      ["an f that returns an empty tree", [() => ({}), x], NotDifferentiableError],
    ],
  },
  explain: { good: [square, x], wrong: { 0: FUNCTION, 1: TREE }, calls: results(x) },
  compile: {
    good: [doubled, {}],
    wrong: { 0: FUNCTION },
    calls: [
      ["an option that there is not", [doubled, { donated: [0] }], ArgumentError],
      ["donate that is a number", [doubled, { donate: 0 }], ArgumentError],
      ["a place that is no integer", [doubled, { donate: [0.5] }], ArgumentError],
      ["a place below 0", [doubled, { donate: [-1] }], ArgumentError],
      ["reassociate that is a word", [doubled, { reassociate: "yes" }], ArgumentError],
    ],
  },
  customVjp: { good: [doubled, rule], wrong: { 0: FUNCTION, 1: FUNCTION } },
  "customVjp, called": {
    good: [x],
    name: "doubled",
    call: customVjp(doubled, rule) as Misuse["call"] & object,
    wrong: { 0: TENSOR },
  },
  "customVjp, its f": {
    good: [doubled, rule, x],
    name: "wrong",
    call: (...args) => Reflect.apply(customised, undefined, args),
    calls: RESULTS.map(([what, f]) => {
      const wrong = (t: Tensor): unknown => Reflect.apply(f as () => unknown, undefined, [t]);
      return [`an f that returns ${what}`, [wrong, rule, x], ArgumentError] as const;
    }),
  },
  "customVjp, its rule": {
    good: [doubled, rule, x],
    name: "vjp of doubled",
    call: (...args) => Reflect.apply(customised, undefined, args),
    calls: [
      ["no cotangents", [doubled, () => undefined, x], RuleError],
      ["a tensor", [doubled, () => x, x], RuleError],
      ["a promise", [doubled, async () => [x], x], RuleError],
      ["too many", [doubled, () => [x, x], x], RuleError],
      ["too few", [doubled, () => [], x], RuleError],
      ["undefined for one", [doubled, () => [undefined], x], RuleError],
      ["a number for one", [doubled, () => [0], x], RuleError],
      ["a string for one", [doubled, () => ["0"], x], RuleError],
      ["another shape", [doubled, () => [v], x], RuleError],
      ["another dtype", [doubled, () => [single], x], RuleError],
    ],
  },
};
