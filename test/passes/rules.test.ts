/** Each rule of algebra is a law: what it puts there has the same values and derivatives, at hard numbers too. */
import { describe, expect, test } from "vitest";
import { rewriteByRules } from "../../src/compile/simplify/rewriteByRules.ts";
import {
  ALGEBRA_RULES,
  type AlgebraLaw,
  type AlgebraRule,
  allocate,
  type DType,
  fromData,
  type Inputs,
  isFloat,
  type Program,
  REASSOCIATION_RULES,
  record,
  removeDeadNodes,
  replay,
  type Shape,
  sizeOf,
  type Tensor,
  toExpressions,
  vjp,
  ZERO_RULES,
} from "../../src/index.ts";
import { directions } from "../draw.ts";

type TensorMap = (...x: Inputs) => Inputs;

/** Signs of zero, poles, numbers whose squares overflow or vanish, the smallest and the largest. */
const HARD = [
  0,
  -0,
  1,
  -1,
  2.5,
  -3,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
  1e-200,
  -1e200,
  Number.MAX_VALUE,
];
const HARD_INTEGERS = [0, 1, -1, 2, 3, -7, 46341, 2 ** 31 - 1, -(2 ** 31)];

/** The rules' own inputs: `start` turns the list, so that over all turns each number meets each. */
function hard(shape: Shape, dtype: DType, start: number): Tensor {
  const values = dtype === "int32" ? HARD_INTEGERS : dtype === "bool" ? [0, 1] : HARD;
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = values[(i + start) % values.length]!;
  return fromData(shape, dtype, data);
}

const shapesOf = ({ inputs }: AlgebraLaw): readonly Shape[] =>
  typeof inputs === "number" ? Array.from({ length: inputs }, () => [HARD.length]) : inputs;

function points(law: AlgebraLaw, dtype: DType): Inputs[] {
  const count = dtype === "int32" ? HARD_INTEGERS.length : HARD.length;
  return Array.from({ length: count }, (_, turn) =>
    shapesOf(law).map((shape, k) => hard(shape, dtype, k === 0 ? 0 : turn)),
  );
}

const direction = directions(5, "rules");
const randomPoints = (law: AlgebraLaw): Inputs[] =>
  Array.from({ length: 5 }, () => shapesOf(law).map((shape) => direction({ shape, dtype: "float64" })));

/** By that rule alone. */
function rewritten(
  rule: AlgebraRule,
  law: AlgebraLaw,
  x: Inputs,
): readonly [before: Program, after: Program, found: readonly string[]] {
  const before = record((...t: Inputs) => law.before(...t), ...x);
  let after = before;
  const found: string[] = [];
  for (;;) {
    const pass = rewriteByRules(after, [rule]);
    if (pass.patches.length === 0) return [before, removeDeadNodes(after).after, found];
    found.push(...pass.applied.map(({ rule: name }) => name));
    after = pass.after;
  }
}

/** Values, first and second derivatives, along these cotangents. */
function jet(f: TensorMap, x: Inputs, yBar: Tensor, zBar: Inputs): Inputs[] {
  const back: TensorMap = (...t) => vjp<Inputs, Inputs>(f, ...t)[1]([yBar]);
  const [first, second] = vjp<Inputs, Inputs>(back, ...x);
  return [f(...x), first, second(zBar)];
}

function expectSame(actual: Inputs, expected: Inputs, same: (a: number, e: number) => boolean): void {
  actual.forEach((t, k) => {
    const e = expected[k]!;
    expect([t.dtype, ...t.shape]).toEqual([e.dtype, ...e.shape]);
    for (let i = 0; i < t.size; i++) {
      if (!same(t.data[i]!, e.data[i]!)) expect.fail(`${t.data[i]} for ${e.data[i]} at ${i} of ${k}`);
    }
  });
}

/** Zeros of either sign are the same. */
const equal = (a: number, e: number): boolean => a === e || (Number.isNaN(a) && Number.isNaN(e));
/** Of the smallest there are, half is none. */
const close = (a: number, e: number): boolean =>
  equal(a, e) || Math.abs(a - e) <= 1e-12 * Math.abs(e) + 2 * Number.MIN_VALUE;
/** Of numbers of about 1: what they add up to may cancel. */
const near = (a: number, e: number): boolean => equal(a, e) || Math.abs(a - e) <= 1e-12 * (1 + Math.abs(e));
const sameValue = ({ values }: AlgebraRule): ((a: number, e: number) => boolean) =>
  values === "bits" ? Object.is : values === "rounding" ? near : equal;

const RULES = [...ALGEBRA_RULES, ...ZERO_RULES, ...REASSOCIATION_RULES];
const LAWS = RULES.flatMap((rule) =>
  rule.laws.map((law) => ({ rule, law, title: `${rule.name}: ${law.before} is ${law.after}` })),
);

describe.each(LAWS)("$title", ({ rule, law }) => {
  const dtypes: readonly DType[] = law.dtype === undefined ? ["float64", "float32"] : [law.dtype];

  test("makes after of before", () => {
    const [x] = points(law, dtypes[0]!);
    const [, after, found] = rewritten(rule, law, x!);
    expect(toExpressions(after)).toEqual(toExpressions(record((...t: Inputs) => law.after(...t), ...x!)));
    expect(new Set(found)).toEqual(new Set([rule.name]));
  });

  test.each([...dtypes, ...(law.dtype === undefined ? (["int32"] as const) : [])])(
    "keeps values of %s",
    (dtype) => {
      // Sums in another order are the same where numbers are tame, and in float64 to twelve digits.
      const isRounded = rule.values === "rounding";
      if (isRounded && dtype !== "float64") return;
      for (const x of isRounded ? randomPoints(law) : points(law, dtype)) {
        const [before, after] = rewritten(rule, law, x);
        expectSame(replay(after, x), replay(before, x), sameValue(rule));
      }
    },
  );

  if (law.dtype !== undefined) return;

  test("keeps derivatives of first and second order", () => {
    for (const x of [...randomPoints(law), ...(rule.derivatives === "exact" ? points(law, "float64") : [])]) {
      const [before, after] = rewritten(rule, law, x);
      const [y] = replay(before, x);
      expect(isFloat(y!.dtype)).toBe(true);
      const cotangents = rule.values === "rounding" ? [] : [hard(y!.shape, y!.dtype, 3)];
      for (const yBar of [direction(y!), ...cotangents]) {
        const zBar = x.map(direction);
        const expected = jet((...t) => replay(before, t), x, yBar, zBar);
        const same = rule.derivatives === "exact" ? equal : rule.values === "rounding" ? near : close;
        const actual = jet((...t) => replay(after, t), x, yBar, zBar);
        for (const [order, d] of actual.entries()) expectSame(d, expected[order]!, same);
      }
    }
  });
});

test("every rule has a name of its own", () => {
  const names = RULES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
