/** How long a run takes: many runs a sample, so that the clock and the call cost nothing. */
import { performance } from "node:perf_hooks";
import Benchmark from "benchmark";

/** A sample lasts at least so many seconds, or is one run. */
const SAMPLE = 0.02;
/** What takes longer than this is timed a run at a time: benchmark.js would run it many times to find that out. */
const SLOW = 0.05;

/** Seconds a run, one figure for each sample. @param seconds how long to measure; there is always one sample */
export async function sampled(run: () => unknown, isAsync: boolean, seconds: number): Promise<number[]> {
  const once = await timed(run, 1);
  if (once > seconds) return [once];
  return isAsync || once > SLOW ? inTurn(run, once, seconds) : benchmarked(run, seconds);
}

/** By benchmark.js. */
function benchmarked(run: () => unknown, seconds: number): number[] {
  const bench = new Benchmark("run", run, { maxTime: seconds, minTime: SAMPLE, minSamples: 3 });
  bench.run({ async: false });
  if (bench.error !== undefined) throw new Error(`a run failed: ${bench.error}`);
  return bench.stats.sample;
}

/** benchmark.js knows no promises but through timers: here a run that is still going on is awaited. */
async function inTurn(run: () => unknown, once: number, seconds: number): Promise<number[]> {
  let count = Math.max(1, Math.ceil(SAMPLE / once));
  const samples: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (samples.length === 0 || performance.now() < end) {
    const each = await timed(run, count);
    // The first runs are slower: the engine has yet to compile them.
    if (each * count < SAMPLE / 2) count *= 2;
    else samples.push(each);
  }
  return samples;
}

async function timed(run: () => unknown, count: number): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < count; k++) {
    const running = run();
    if (running instanceof Promise) await running;
  }
  return (performance.now() - start) / 1000 / count;
}
