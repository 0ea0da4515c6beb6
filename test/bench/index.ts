/**
 * What the eager tape costs: batch norm forward and backward (dx, dgamma, dbeta for a given upstream), in float64, by
 * the tape, by the fused op, and by hand, interleaved in one run. Only the ratios mean anything from one run to the
 * next: machines are shared.
 */
import Benchmark from "benchmark";
import { batchNorm, certify, fromData, fusedBatchNorm, type Tensor, vjp } from "../../src/index.ts";
import { stream } from "../../src/random/stream.ts";
import { batchNormByHand } from "./byHand.ts";

const SIZES = [
  [4, 5],
  [200, 3],
  [100, 100],
  [500, 1000],
] as const;

/** Rounds of every candidate in turn; the median of a candidate's rounds is its time. */
const ROUNDS = 5;

interface Row {
  readonly size: string;
  readonly tape: number;
  readonly fused: number;
  readonly byHand: number;
}

const rows = SIZES.map(([n, d]) => measured(n, d));
console.log(
  "Batch norm, forward and backward, float64: microseconds a run (median of rounds), and ratios.\n",
);
console.log("size        tape    fused  by hand   tape/by hand  tape/fused");
for (const { size, tape, fused, byHand } of rows) {
  const us = (x: number): string => x.toFixed(x < 100 ? 1 : 0).padStart(8);
  const ratio = (x: number): string => x.toFixed(2).padStart(12);
  console.log(
    `${size.padEnd(8)}${us(tape)} ${us(fused)} ${us(byHand)}   ${ratio(tape / byHand)}${ratio(tape / fused)}`,
  );
}
console.log(`\ncertify(batchNorm) at (64, 32): ${certificate().toFixed(0)} ms`);
console.log(`node ${process.version}, ${process.arch}`);

function measured(n: number, d: number): Row {
  const from = stream(1, "bench", n, d);
  const normal = (size: number): Float64Array => Float64Array.from({ length: size }, () => from.gaussian());
  const [x, gamma, beta, dy] = [normal(n * d), normal(d), normal(d), normal(n * d)];
  const leaf = (shape: readonly number[], data: Float64Array): Tensor => fromData(shape, "float64", data);
  const [X, G, B, DY] = [leaf([n, d], x), leaf([d], gamma), leaf([d], beta), leaf([n, d], dy)];

  const candidates = {
    tape: () => vjp(batchNorm, X, G, B)[1](DY).map((t) => t.data),
    fused: () => vjp(fusedBatchNorm, X, G, B)[1](DY).map((t) => t.data),
    byHand: () => {
      const { dx, dgamma, dbeta } = batchNormByHand(n, d, x, gamma, beta, dy);
      return [dx, dgamma, dbeta];
    },
  };
  assertAgree(candidates.byHand(), candidates.tape());
  assertAgree(candidates.byHand(), candidates.fused());
  const times = { tape: [] as number[], fused: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ["tape", "fused", "byHand"] as const) times[name].push(microseconds(candidates[name]));
  }
  return {
    size: `${n}x${d}`,
    tape: median(times.tape),
    fused: median(times.fused),
    byHand: median(times.byHand),
  };
}

function microseconds(f: () => unknown): number {
  let result = Number.NaN;
  const bench = new Benchmark("run", f, { maxTime: 0.3, minSamples: 5 });
  bench.on("complete", () => {
    result = bench.stats.mean * 1e6;
  });
  bench.on("error", () => {
    throw new Error(`the benchmark failed: ${bench.error}`);
  });
  bench.run({ async: false });
  return result;
}

function certificate(): number {
  const from = stream(1, "bench", "certify");
  const draw = (shape: readonly number[]): Tensor =>
    fromData(
      shape,
      "float64",
      Float64Array.from({ length: shape.reduce((a, b) => a * b) }, () => from.gaussian()),
    );
  const x = [draw([64, 32]), draw([32]), draw([32])] as const;
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    certify(batchNorm, ...x);
    return performance.now() - start;
  });
  return median(times);
}

/** Nothing is timed that is not right. */
function assertAgree(expected: readonly ArrayLike<number>[], actual: readonly ArrayLike<number>[]): void {
  expected.forEach((e, k) => {
    for (let i = 0; i < e.length; i++) {
      const difference = Math.abs(e[i]! - actual[k]![i]!);
      if (!(difference <= 1e-10 * (1 + Math.abs(e[i]!))))
        throw new Error(`gradient ${k} differs at ${i}: ${difference}`);
    }
  });
}

function median(xs: readonly number[]): number {
  return [...xs].sort((a, b) => a - b)[xs.length >> 1]!;
}
