import { type NumPyRandom, numpyRandom } from "../../random/index.ts";
import type { Experiment } from "../result.ts";
import type { Drawn, Outcome, RunSpec } from "../running/group.ts";
import { drawnFrom } from "../running/group.ts";
import type { Pool } from "../running/pool.ts";

/** What an experiment needs: where to run, on what, from which seed. */
export interface Context {
  readonly pool: Pool;
  readonly from: Drawn;
  /** Whether the data are those of the course, so that its figures are to be compared with. */
  readonly isCourse: boolean;
  readonly seed: number;
  /** Told of progress: groups done, of how many. */
  readonly onDone: (done: number, of: number) => void;
}

export type Runner = (context: Context) => Promise<Experiment>;

/**
 * Train groups of networks that draw from one stream, one group after the other, as a cell of the notebook does.
 *
 * @param isRestarted each group starts from the seed anew
 */
export async function trained(
  { pool, from, seed, onDone }: Context,
  groups: readonly (readonly RunSpec[])[],
  { dtype = "float32", isRestarted = false }: TrainedOptions = {},
): Promise<(readonly Outcome[])[]> {
  let random: NumPyRandom = numpyRandom(seed);
  const planned = groups.map((runs) => {
    if (isRestarted) random = numpyRandom(seed);
    return drawnFrom(random, { dtype, runs }, from);
  });
  return pool.run(planned, onDone);
}

export interface TrainedOptions {
  readonly dtype?: "float64" | "float32";
  readonly isRestarted?: boolean;
}

/** 1, 2, 3, ... */
export function counted(n: number): number[] {
  return Array.from({ length: n }, (_, k) => k + 1);
}

/** 0, 1, 2, ...: epochs, at whose ends accuracies are measured, and once after the first step. */
export function epochsOf(accuracies: readonly number[]): number[] {
  return accuracies.map((_, k) => k);
}

/** What can be drawn of a history: nothing where the loss overflowed. */
export function drawable(history: readonly number[]): (number | null)[] {
  return history.map((loss) => (Number.isFinite(loss) ? loss : null));
}

/** The mean of the last so many; null where there is none. */
export function meanOfLast(history: readonly number[], n: number): number | null {
  const last = history.slice(-n);
  const mean = last.reduce((sum, loss) => sum + loss, 0) / last.length;
  return Number.isFinite(mean) ? mean : null;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
