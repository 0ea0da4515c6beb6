/**
 * Random programs over all ops, and their gradients, compiled: as close to what they are eagerly as rounding allows.
 *
 * How close that is the program itself says: it is run again with every result of every op off by a few units in the
 * last place, which is what another order of summation, or another implementation of exp, does at most.
 */
import { describe, expect, test } from "vitest";
import {
  add,
  bind,
  cast,
  compile,
  type DType,
  expandReferences,
  type Inputs,
  isFloat,
  mul,
  type Program,
  record,
  replay,
  type Tensor,
  tensor,
  vjp,
} from "../../src/index.ts";
import { stream } from "../../src/random/stream.ts";
import { directions } from "../draw.ts";
import { check } from "../passes/subjects.ts";
import { OP_NAMES, type RandomProgram } from "../support/randomProgram.ts";

type TensorMap = (...x: Inputs) => Inputs;
type Apply = typeof bind;

/** Half a unit in the last place, times 8. */
const NOISE: Readonly<Record<"float64" | "float32", number>> = { float64: 2 ** -50, float32: 2 ** -21 };

/** Values; of every other program those of its cotangents too. */
function jet(f: TensorMap, seed: number): TensorMap {
  if (seed % 2 === 0) return f;
  return (...t) => {
    const [y, back] = vjp<Inputs, Inputs>(f, ...t);
    return [...y, ...back(y.map(directions(seed, "cotangents")))];
  };
}

/** Every fourth program has ops in float32 among those in float64. */
function mixed({ f, x, seed }: RandomProgram): TensorMap {
  if (seed % 4 > 1 || x[0]!.dtype !== "float64") return f;
  const program = record((...t: Inputs) => f(...t), ...x);
  return (...t) => {
    const from = stream(seed, "mixed");
    const apply: Apply = (op, given, params) => {
      const isSingle = from.uniform() < 0.3 && given.some(isDouble);
      if (!isSingle) return bind(op, given, params);
      const single: Inputs = given.map((u) => (isDouble(u) ? cast(u, "float32") : u));
      const y = bind(op, single as typeof given, params);
      return y.dtype === "float32" ? cast(y, "float64") : y;
    };
    return replay(program, t, apply);
  };
}

function isDouble({ dtype }: Tensor): boolean {
  return dtype === "float64";
}

/** Each result of each op is off by as much, and zeros by as little: what rounding may do. */
function jittered(program: Program, seed: number): TensorMap {
  const from = stream(seed, "jitter");
  const noise = (size: number): number => size * (from.uniform() - 0.5);
  return (...x) =>
    replay(program, x, (op, t, params) => {
      const y = bind(op, t, params);
      const { dtype } = y;
      if (dtype !== "float32" && dtype !== "float64") return y;
      const like = (v: number): Tensor => tensor(v, { dtype });
      return add(mul(y, like(1 + noise(NOISE[dtype]))), like(noise(NOISE[dtype])));
    });
}

function sizeOfLargest({ data }: Tensor): number {
  let largest = 1;
  for (const v of data) if (Number.isFinite(v)) largest = Math.max(largest, Math.abs(v));
  return largest;
}

/** Infinite where one is no number and the other is. */
function distance(t: Tensor, u: Tensor): number {
  let far = 0;
  for (let i = 0; i < t.size; i++) {
    const [v, w] = [t.data[i]!, u.data[i]!];
    if (Object.is(v, w) || v === w) continue;
    const off = Math.abs(v - w);
    if (Number.isNaN(off)) return Number.POSITIVE_INFINITY;
    far = Math.max(far, off);
  }
  return far;
}

interface Counts {
  programs: number;
  results: number;
  /** Results of which nothing can be said: they jump, or are no numbers, at the least change. */
  skipped: number;
  readonly used: Set<string>;
  readonly dtypes: Set<DType>;
}

function objection(random: RandomProgram, counts: Counts): string | null {
  const { x, seed } = random;
  const f = jet(mixed(random), seed >> 2);
  const expected = f(...x);
  // A fused op's rounding errors are those of what it is made of, as far as it has them at all.
  const program = expandReferences(record((...t: Inputs) => f(...t), ...x)).after;
  const nodes = Object.values(program.nodes);
  for (const name of random.steps) counts.used.add(name);
  for (const { op, dtype } of nodes) {
    if (op !== null) counts.used.add(op.name);
    counts.dtypes.add(dtype);
  }
  counts.programs++;
  const isSingle = nodes.some(({ dtype }) => dtype === "float32");
  const around = [1, 2].map((k) => jittered(program, seed + k)(...x));
  const compiled = compile((...t: Inputs) => f(...t), { reassociate: seed % 3 > 0 });
  for (const which of ["first", "second"]) {
    const actual = compiled(...x);
    for (const [k, y] of expected.entries()) {
      const z = actual[k]!;
      if (`${z.dtype}[${z.shape}]` !== `${y.dtype}[${y.shape}]`) return `${z} for ${y}`;
      const conditioned = Math.max(...around.map((t) => distance(t[k]!, y)));
      const size = sizeOfLargest(y);
      counts.results++;
      if (!(conditioned < (isSingle ? 1e-3 : 1e-9) * size)) {
        counts.skipped++;
        continue;
      }
      const allowed = (isSingle ? 2e-6 : 1e-12) * size + 8 * conditioned;
      const far = distance(z, y);
      if (!(far <= allowed)) return `result ${k} of the ${which} call is off by ${far}, allowed ${allowed}`;
    }
  }
  return null;
}

describe("random programs, compiled", () => {
  test("2,000, half of them gradients, are what they are eagerly", () => {
    const counts: Counts = { programs: 0, results: 0, skipped: 0, used: new Set(), dtypes: new Set() };
    check(2000, (random) => objection(random, counts));
    expect(OP_NAMES.filter((name) => !counts.used.has(name))).toEqual([]);
    expect([...counts.dtypes].filter((dtype) => isFloat(dtype)).sort()).toEqual(["float32", "float64"]);
    expect(counts.programs).toBeGreaterThanOrEqual(2000);
    expect(counts.skipped).toBeLessThan(counts.results / 4);
  });
});
