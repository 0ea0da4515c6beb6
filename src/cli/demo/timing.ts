import type { Tensor } from "../../../graph/index.ts";
import { batchNorm, fusedBatchNorm } from "../../../ops/index.ts";
import { normInputs } from "../../cs231n/checks/normInputs.ts";
import { vjp } from "../../transforms/derivatives.ts";

/** The median time of one run in milliseconds, and the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Race {
  readonly what: string;
  readonly tape: Spread;
  readonly fused: Spread;
  /** tape / fused, of the medians. */
  readonly ratio: number;
}

export interface Timing {
  readonly n: number;
  readonly d: number;
  /** How often each was run, after the warm-up. */
  readonly rounds: number;
  readonly races: readonly Race[];
}

/**
 * Tape against fused on one input, in turn: what slows the machine for a while slows both.
 *
 * @param milliseconds how long to measure, after a warm-up of a quarter of that
 */
export function measure(n: number, d: number, milliseconds: number): Timing {
  const { x, gamma, beta, yBar } = normInputs(n, d);
  const both = (layer: typeof batchNorm) => () =>
    vjp((x: Tensor, gamma: Tensor, beta: Tensor) => layer(x, gamma, beta), x, gamma, beta)[1](yBar);
  const back = (layer: typeof batchNorm) => {
    const [, pull] = vjp((x: Tensor, gamma: Tensor, beta: Tensor) => layer(x, gamma, beta), x, gamma, beta);
    return () => pull(yBar);
  };
  const runs = [both(batchNorm), both(fusedBatchNorm), back(batchNorm), back(fusedBatchNorm)];
  const times = runs.map((): number[] => []);

  const inTurn = (until: number, least: number, done: (k: number, ms: number) => void): void => {
    for (let round = 0; round < least || performance.now() < until; round++) {
      runs.forEach((run, k) => {
        const start = performance.now();
        run();
        done(k, performance.now() - start);
      });
    }
  };
  inTurn(performance.now() + milliseconds / 4, 2, () => {});
  inTurn(performance.now() + milliseconds, LEAST_ROUNDS, (k, ms) => times[k]!.push(ms));

  const race = (what: string, tape: Spread, fused: Spread): Race => ({
    what,
    tape,
    fused,
    ratio: tape.median / fused.median,
  });
  const [bothTape, bothFused, backTape, backFused] = times.map(spread) as [Spread, Spread, Spread, Spread];
  return {
    n,
    d,
    rounds: times[0]!.length,
    races: [race("forward and backward", bothTape, bothFused), race("backward alone", backTape, backFused)],
  };
}

const LEAST_ROUNDS = 15;

function spread(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
