/** H: what has nothing to do with numbers being right, but with a function being one. */
import { type MaybeZero, type Numbers, pullback, type Trace } from "../../graph/index.ts";
import { add, mul } from "../../ops/index.ts";
import { cotangents } from "./directions.ts";
import { type Check, digitsOf } from "./report.ts";
import { outputsOf, type Subject } from "./subject.ts";

/** How often it is called again: two masks of a few elements may happen to be one. */
const CALLS = 8;

/**
 * Called again, it gives the same bits, forwards and back; it leaves its inputs as they were.
 *
 * @param tape its first call
 */
export function purityOf({ f, leaves }: Subject, tape: Trace, seed: number): Check[] {
  const before = leaves.map((t) => t.data.slice());
  const y = outputsOf(tape);
  const again = Array.from({ length: CALLS }, () => f(...leaves));
  const yBar = cotangents(y, seed, 1, 0);
  const zero = yBar.map((t) => mul(t, 0));
  const back = pullback(tape, yBar, add);
  return [
    check("called again, gives the same", Math.max(...again.map((other) => apart(y, other)))),
    check("pulled back twice, gives the same", apart(back, pullback(tape, yBar, add))),
    check(
      "inputs are left as they were",
      apartNumbers(
        before,
        leaves.map((t) => t.data),
      ),
    ),
    check(
      "a zero cotangent gives zero",
      apart(
        pullback(tape, zero, add),
        leaves.map(() => null),
      ),
    ),
  ];
}

function check(method: string, error: number): Check {
  return { layer: "H", method, error, tolerance: 0, passes: error === 0, digits: digitsOf(error) };
}

function apart(a: readonly MaybeZero[], b: readonly MaybeZero[]): number {
  const numbers = (t: MaybeZero): Numbers | null => t?.data ?? null;
  return apartNumbers(a.map(numbers), b.map(numbers));
}

/** The largest difference between any two entries; null is zeros. NaN is the same as NaN. */
function apartNumbers(a: readonly (Numbers | null)[], b: readonly (Numbers | null)[]): number {
  let most = 0;
  a.forEach((p, k) => {
    const q = b[k] ?? null;
    const n = (p ?? q)?.length ?? 0;
    for (let i = 0; i < n; i++) {
      const [v, w] = [p?.[i] ?? 0, q?.[i] ?? 0];
      if (Object.is(v, w) || v === w) continue;
      const gap = Math.abs(v - w);
      most = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(most, gap);
    }
  });
  return most;
}

/** Whether all was left as it was; a zero cotangent that gives something is an error of another kind. */
export function isPure(checks: readonly Check[]): boolean {
  return checks.every(({ method, passes }) => passes || method.startsWith("a zero"));
}
