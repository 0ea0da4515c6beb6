import {
  Abs,
  ArgumentError,
  AxisError,
  FusedLayerNorm,
  mul,
  NotDifferentiableError,
  shiftInvariant,
  sum,
  type Tensor,
} from "../../src/index.ts";
import {
  axes,
  count,
  EPS,
  FINITE,
  FLAG,
  FUNCTION,
  holed,
  options,
  TENSOR_ITSELF,
  TEXT,
  TREE,
  type Wrong,
  without,
} from "./kinds.ts";
import { integers, type Misuse, type Table, x } from "./misuse.ts";

const square = (t: Tensor): Tensor => mul(t, t);
const INTEGER: readonly Wrong[] = without(count(), "one too few");

/** Where an op with a reference is due. */
const FUSED: readonly Wrong[] = [
  ...TENSOR_ITSELF,
  { what: "an op that is not fused", value: Abs, error: ArgumentError },
];

/** Where a function or an op is due. */
const SUBJECT: readonly Wrong[] = [...FUNCTION, { what: "a tensor", value: x, error: ArgumentError }];

/** Calls with a function that cannot be certified, `before` ahead of it and `between` it and its inputs. */
function subjects(before: readonly unknown[], between: readonly unknown[]): NonNullable<Misuse["calls"]> {
  return [
    ["no input", [...before, square, ...between], NotDifferentiableError],
    ["integers alone", [...before, square, ...between, integers], NotDifferentiableError],
    ["an f that returns nothing", [...before, () => undefined, ...between, x], ArgumentError],
    ["an f that returns a string", [...before, () => "y", ...between, x], ArgumentError],
    ["an f that returns a promise", [...before, async (t: Tensor) => sum(t), ...between, x], ArgumentError],
  ];
}

/** Where an input is named: by position or name. */
const REF: readonly Wrong[] = [
  ...without(TEXT, "a number"),
  { what: "half a position", value: 0.5, error: ArgumentError },
];
/** Axes before there is a tensor to which they could be too far. */
const SOME_AXES: readonly Wrong[] = axes(2).filter(({ what }) => !/too far|twice/.test(what));
const SOME_AXIS: readonly Wrong[] = [
  ...SOME_AXES,
  { what: "two axes", value: [0, 1], error: AxisError },
].filter(({ value }) => !(Array.isArray(value) && value.length === 0));

export const CERTIFYING: Table = {
  certify: { good: [square, x], wrong: { 0: SUBJECT, 1: TREE }, calls: subjects([], []) },
  certifyWith: {
    good: [{ seed: 1, order: 1 }, square, x],
    wrong: {
      0: options({ seed: INTEGER, order: count(ArgumentError, 1) }),
      1: SUBJECT,
      2: TREE,
    },
    calls: [
      ...subjects([{ order: 1 }], []),
      ["a seed for options", [1, square, x], ArgumentError],
      ["too high an order", [{ order: 4 }, square, x], ArgumentError],
    ],
  },
  invariances: {
    good: [square, [], x],
    wrong: { 0: SUBJECT, 1: FUNCTION.filter(({ what }) => what !== "an array"), 2: TREE },
    calls: [
      ...subjects([], [[]]),
      ["an invariance that is none", [square, [1], x], ArgumentError],
      ["an invariance that was not called", [square, [shiftInvariant], x], ArgumentError],
      ["a hole", [square, holed([1, shiftInvariant(0)], 0), x], ArgumentError],
    ],
  },
  invariancesWith: {
    good: [{ seed: 1 }, square, [], x],
    wrong: {
      0: options({ seed: INTEGER }),
      1: SUBJECT,
      2: FUNCTION.filter(({ what }) => what !== "an array"),
      3: TREE,
    },
    calls: subjects([{}], [[]]),
  },
  shiftInvariant: { good: [0, "x"], wrong: { 0: SOME_AXES, 1: without(REF, "undefined") } },
  scaleInvariant: {
    good: [0, { of: 0, eps: 0, about: "origin" }],
    wrong: {
      0: SOME_AXES,
      1: options({
        of: without(REF, "undefined"),
        eps: EPS,
        about: [...TEXT, { what: "another word", value: "median", error: ArgumentError }].filter(
          ({ value }) => value !== undefined,
        ),
      }),
    },
  },
  permutationEquivariant: {
    good: [0, [0, "x"]],
    wrong: { 0: SOME_AXIS, 1: without(REF, "undefined", "an array") },
  },
  linearIn: { good: [1, "beta"], wrong: { 0: REF }, calls: [["no input", [], ArgumentError]] },
  homogeneous: { good: ["x", 2], wrong: { 0: REF, 1: FINITE } },
  translationOf: { good: ["beta", 0], wrong: { 0: REF, 1: SOME_AXES } },
  mutate: { good: [FusedLayerNorm], wrong: { 0: FUSED, 1: options({ seed: INTEGER }) } },
  mutationScore: {
    good: [FusedLayerNorm, () => undefined],
    wrong: { 0: FUSED, 1: FUNCTION, 2: options({ seed: INTEGER }) },
    calls: [["a test that fails anyway", [FusedLayerNorm, () => false], ArgumentError]],
  },
  ridders: {
    good: [Math.sin, 0.1],
    wrong: { 0: FUNCTION, 1: FINITE },
    calls: [["no step", [Math.sin, 0], ArgumentError]],
  },
  trackOrigins: { good: [false], wrong: { 0: FLAG } },
  ...Object.fromEntries(
    ["withOrigins", "withBlame"].map((name): [string, Misuse] => [
      name,
      {
        good: [() => 1],
        wrong: { 0: FUNCTION },
        calls: [["an async function", [async () => 1], ArgumentError]],
      },
    ]),
  ),
};
