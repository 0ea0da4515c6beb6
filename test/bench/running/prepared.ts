/** A system as the bench sees it: it is given a case, computes it once to be checked, then as often as is wanted. */
import { performance } from "node:perf_hooks";
import type { Result } from "../logic/agreement.ts";
import { CHECKED_STEPS, CHECKING_RATE, MEAN_DECAY, TIMING_RATE } from "../networks.ts";
import type { Inputs } from "./inputs.ts";

export interface System {
  readonly versions: Readonly<Record<string, string>>;
  /** Whether a run returns before its work is done, and has to be awaited. */
  readonly isAsync: boolean;
  /** @throws Unsupported where it has no such thing */
  prepare(inputs: Inputs): Promise<Prepared> | Prepared;
}

export interface Prepared {
  check(): Promise<Checked> | Checked;
  run(): unknown;
}

export interface Checked {
  readonly firstMs: number;
  readonly results: readonly Result[];
}

/** There is no such op or dtype: nothing is wrong. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}

/** Batch norm, forward and backward: `run` leaves nothing behind, `read` computes and hands out the numbers. */
export function preparedNorm<T>(
  compute: () => T | Promise<T>,
  read: (found: T) => ArrayLike<number>[],
  free: (found: T) => void,
): Prepared {
  const run = (): unknown => {
    const found = compute();
    return found instanceof Promise ? found.then(free) : free(found);
  };
  return {
    run,
    async check() {
      const start = performance.now();
      const found = await compute();
      const firstMs = performance.now() - start;
      const [dx, dgamma, dbeta] = read(found).map((values) => Float64Array.from(values));
      free(found);
      return {
        firstMs,
        results: [
          { name: "dx", values: dx! },
          { name: "dgamma", values: dgamma! },
          { name: "dbeta", values: dbeta! },
        ],
      };
    },
  };
}

/** A network in training. */
export interface Trainer {
  /** Take a step of Adam. */
  step(): unknown;
  /** Of the step before, computed at the parameters before it. */
  loss(): number | Promise<number>;
  /** Adam's mean of gradients, a parameter each, in their order. */
  means(): ArrayLike<number>[] | Promise<ArrayLike<number>[]>;
}

/**
 * A training step. Checked are the losses of a few steps, and the gradients of the first: Adam's mean is then
 * (1 - decay) g. Timed are steps so small that the thousandth does the same work as the first: a network that had
 * learned its batch would have gradients of 0, and denormal averages of them.
 */
export function preparedTraining(
  names: readonly string[],
  trainerAt: (learningRate: number) => Trainer | Promise<Trainer>,
): Prepared {
  let timed: Trainer | null = null;
  return {
    run: () => timed!.step(),
    async check() {
      const trainer = await trainerAt(CHECKING_RATE);
      const start = performance.now();
      await trainer.step();
      const losses = [await trainer.loss()];
      const firstMs = performance.now() - start;
      const gradients = (await trainer.means()).map((mean) =>
        Float64Array.from(mean, (value) => value / (1 - MEAN_DECAY)),
      );
      while (losses.length < CHECKED_STEPS) {
        await trainer.step();
        losses.push(await trainer.loss());
      }
      timed = await trainerAt(TIMING_RATE);
      return {
        firstMs,
        results: [
          ...names.map((name, k) => ({ name: `d${name}`, values: gradients[k]! })),
          { name: "losses", values: losses },
        ],
      };
    },
  };
}
