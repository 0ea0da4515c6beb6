/** Random programs under rules that keep values up to rounding: as close as the program itself is to itself, rounded otherwise. */
import { describe, expect, test } from "vitest";
import { rewriteByRules } from "../../src/compile/simplify/rewriteByRules.ts";
import {
  ALGEBRA_RULES,
  type AlgebraRule,
  add,
  bind,
  type Inputs,
  isFloat,
  mul,
  type Program,
  REASSOCIATION_RULES,
  replay,
  simplify,
  type Tensor,
  tensor,
  vjp,
  ZERO_RULES,
} from "../../src/index.ts";
import { stream } from "../../src/random/stream.ts";
import { directions } from "../draw.ts";
import { BROKEN_ROUNDING_RULES } from "./brokenRules.ts";
import type { Subject } from "./objections.ts";
import { backwardOf, check, subjectOf } from "./subjects.ts";

const RULES = [...ALGEBRA_RULES, ...ZERO_RULES, ...REASSOCIATION_RULES];
const minutes = (n: number): { readonly timeout: number } => ({ timeout: n * 300_000 });

/** Values, and the inputs' cotangents along random ones. */
function jet(f: (...x: Inputs) => Inputs, x: Inputs, seed: number): Inputs {
  const [y, back] = vjp<Inputs, Inputs>(f, ...x);
  return [...y, ...back(y.map(directions(seed, "cotangents")))];
}

/** Each result of each op is off by a few units in the last place, and zeros by as little: what rounding may do. */
function jittered(program: Program, seed: number): (...x: Inputs) => Inputs {
  const from = stream(seed, "jitter");
  const noise = (size: number): number => size * (from.uniform() - 0.5);
  return (...x) =>
    replay(program, x, (op, t, params) => {
      const y = bind(op, t, params);
      if (!isFloat(y.dtype)) return y;
      const like = (v: number): Tensor => tensor(v, { dtype: y.dtype === "float32" ? "float32" : "float64" });
      return add(mul(y, like(1 + noise(4e-14))), like(noise(4e-14)));
    });
}

const largest = (x: Inputs): number =>
  Math.max(1, ...x.flatMap(({ data }) => Array.from(data, Math.abs).filter(Number.isFinite)));

function furthest(a: Inputs, b: Inputs): number {
  let far = 0;
  a.forEach((t, k) => {
    const u = b[k]!;
    if (t.dtype !== u.dtype || `${t.shape}` !== `${u.shape}`) far = Number.POSITIVE_INFINITY;
    for (let i = 0; i < t.size; i++) {
      const [v, w] = [t.data[i]!, u.data[i]!];
      // Written so that NaN counts.
      if (!Object.is(v, w) && !(Math.abs(v - w) <= far)) far = v === w ? far : Math.abs(v - w);
    }
  });
  return far;
}

/** Null also where nothing can be said: something is no number, or jumps. */
function objection(
  { program, x, seed, isSingle }: Subject,
  after: Program,
  count: { skipped: number },
): string | null {
  const expected = jet((...t) => replay(program, t), x, seed);
  const around = [1, 2, 3].map((k) => furthest(jet(jittered(program, seed + k), x, seed), expected));
  const conditioned = Math.max(...around);
  if (isSingle || !(conditioned < 1e-9 * largest(expected))) {
    count.skipped++;
    return null;
  }
  const far = furthest(
    jet((...t) => replay(after, t), x, seed),
    expected,
  );
  const allowed = 1e-12 * largest(expected) + 10 * conditioned;
  return far <= allowed ? null : `off by ${far}, allowed ${allowed}`;
}

describe("random programs, reassociated", () => {
  test("300, and their gradients, keep values and gradients to what rounding does", minutes(3), () => {
    const count = { skipped: 0, all: 0 };
    const changes = new Map<string, number>();
    check(300, (random) => {
      const forward = subjectOf(random);
      for (const subject of [forward, backwardOf(forward)]) {
        count.all++;
        const { after, steps } = simplify(subject.program, { rules: RULES });
        for (const { rule } of steps.flatMap(({ applied = [] }) => applied))
          changes.set(rule, (changes.get(rule) ?? 0) + 1);
        const found = objection(subject, after, count);
        if (found !== null) return found;
      }
      return null;
    });
    const names = REASSOCIATION_RULES.map(({ name }) => name);
    expect(names.filter((name) => !changes.has(name))).toEqual([]);
    expect(count.skipped).toBeLessThan(count.all / 2);
  });

  test.each(BROKEN_ROUNDING_RULES)("object to: $statement", minutes(1), (broken: AlgebraRule) => {
    const count = { skipped: 0 };
    expect(() =>
      check(1000, (random) => {
        const subject = subjectOf(random);
        const { after, patches } = rewriteByRules(subject.program, [
          ...REASSOCIATION_RULES.slice(0, 1),
          broken,
        ]);
        return patches.length === 0 ? null : objection(subject, after, count);
      }),
    ).toThrow(/off by/);
  });
});
