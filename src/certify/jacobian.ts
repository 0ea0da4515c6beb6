/**
 * E: the whole Jacobian, entry by entry, where it is small. Projections weigh an error against all of the derivative;
 * here each number stands for itself, and can be named.
 */
import {
  type Inputs,
  type MaybeZero,
  pullback,
  pushforward,
  type Tensor,
  type Trace,
} from "../../graph/index.ts";
import { add } from "../../ops/index.ts";
import { check, FLOOR, type Method, naturally, type Probe, rounding } from "./checks.ts";
import { moved, unit } from "./directions.ts";
import type { Check } from "./report.ts";
import { ridders } from "./ridders.ts";
import { smallestScale, stepsFor } from "./steps.ts";
import { indexAt, type Worst } from "./worst.ts";

/** One number of the result, and its gradients: a row of the Jacobian. */
export interface Row {
  readonly result: NonNullable<Worst["result"]>;
  /** One for each leaf. */
  readonly xBar: readonly MaybeZero[];
}

/** From how many entries on a Jacobian is no longer looked at as a whole. */
const SMALL = 4096;

/** How many walks may be spent where nothing objects: no more than the differences take. */
const CHEAP = 64;

export function isSmall(x: Tensor, results: number): boolean {
  return x.size * results < SMALL;
}

export function isCheap(x: Tensor, results: number): boolean {
  return isSmall(x, results) && x.size + results <= CHEAP;
}

/** One pullback for each number of the result. */
export function rowsOf(tape: Trace, names: readonly string[]): Row[] {
  const y = tape.outputs.map((i) => tape.nodes[i]!.value);
  return y.flatMap((t, r) =>
    Array.from({ length: t.size }, (_, i) => ({
      result: { name: names[r]!, index: indexAt(i, t.shape) },
      xBar: pullback(
        tape,
        y.map((_, k) => (k === r ? unit(t, i) : null)),
        add,
      ),
    })),
  );
}

/**
 * The Jacobian by rows, from pullbacks, against the same by columns, from pushforwards; relative to its largest entry.
 *
 * @param probe of this input: what is known of the sizes of things
 */
export function jacobianCheck(tape: Trace, rows: readonly Row[], k: number, probe: Probe): Check {
  const { x, largest, jitter } = probe;
  const columns = Array.from({ length: x.size }, (_, j) =>
    pushforward(
      tape,
      Array.from({ length: tape.inputs }, (_, i) => (i === k ? unit(x, j) : null)),
    ),
  );
  const sizes = tape.outputs.map((i) => tape.nodes[i]!.value.size);
  const forward = columns.map((column) =>
    column.flatMap((t, r) =>
      t === null ? new Array<number>(sizes[r]!).fill(0) : Array.from(t.data, Number),
    ),
  );
  const natural = naturally(x, largest, 1, 1);
  let scale = FLOOR * natural;
  for (const column of forward) for (const v of column) scale = Math.max(scale, Math.abs(v) || 0);
  let error = 0;
  let worst: Worst | null = null;
  rows.forEach(({ result, xBar }, i) => {
    for (let j = 0; j < x.size; j++) {
      const value = Number(xBar[k]?.data[j] ?? 0);
      const expected = forward[j]![i]!;
      if (value === expected || Object.is(value, expected)) continue;
      const apart = Math.abs(value - expected) / scale;
      const e = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
      if (e <= error) continue;
      error = e;
      worst = { index: indexAt(j, x.shape), value, expected, result };
    }
  });
  const made = check(E, error, rounding(jitter, scale));
  return worst === null ? made : { ...made, worst };
}

const E: Method = { layer: "E", method: "Jacobian, vjp against jvp", tolerance: 1e-10 };

/** What is differentiated, number by number, and what its rules make of that. */
interface Numbered {
  readonly f: (...x: Inputs) => Inputs;
  readonly leaves: Inputs;
  readonly rows: readonly Row[];
}

/**
 * The entry of the Jacobian that is farthest from its own difference. One plain difference an entry finds it, and only
 * that one is worth extrapolating.
 */
export function worstOfJacobian({ f, leaves, rows }: Numbered, k: number): Worst {
  const numbers = (d: Tensor, t: number): number[] =>
    f(...moved(leaves, k, d, t)).flatMap((y) => Array.from(y.data, Number));
  const value = (i: number, j: number): number => Number(rows[i]!.xBar[k]?.data[j] ?? 0);
  const { at, row, expected } = farthestFromDifferences(leaves[k]!, numbers, value);
  return {
    index: indexAt(at, leaves[k]!.shape),
    value: value(row, at),
    expected,
    result: rows[row]!.result,
  };
}

/**
 * The same of Jᵀ ȳ, for one ȳ, where the Jacobian is large.
 *
 * @param along t -> <ȳ, f(x + t d)>
 */
export function worstEntry({ x, xBar }: Probe, along: (d: Tensor) => (t: number) => number): Worst {
  const value = (_: number, j: number): number => Number(xBar?.data[j] ?? 0);
  const { at, expected } = farthestFromDifferences(x, (d, t) => [along(d)(t)], value);
  return { index: indexAt(at, x.shape), value: value(0, at), expected };
}

function farthestFromDifferences(
  x: Tensor,
  numbers: (d: Tensor, t: number) => readonly number[],
  value: (row: number, at: number) => number,
): { readonly at: number; readonly row: number; readonly expected: number } {
  // Small enough wherever it is, and large enough to be told from rounding.
  const h = 2e-4 * smallestScale(x);
  let [at, row, widest] = [0, 0, -1];
  for (let j = 0; j < x.size; j++) {
    const d = unit(x, j);
    const [ahead, behind] = [numbers(d, h), numbers(d, -h)];
    for (let i = 0; i < ahead.length; i++) {
      const gap = Math.abs((ahead[i]! - behind[i]!) / (2 * h) - value(i, j));
      if (gap > widest) [at, row, widest] = [j, i, gap];
    }
  }
  const d = unit(x, at);
  const tables = stepsFor(x, d).steps.map((step) =>
    ridders((t) => numbers(d, t)[row]!, step / Math.sqrt(x.size)),
  );
  const { value: expected } = tables.reduce((a, b) => (b.error < a.error ? b : a));
  return { at, row, expected };
}
