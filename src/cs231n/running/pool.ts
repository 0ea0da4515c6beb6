import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { load, type Place } from "../dataset.ts";
import type { Group, Outcome } from "./group.ts";
import { runGroup } from "./runGroup.ts";

/** Trains groups of networks, on all cores. */
export interface Pool {
  /** @param onDone is called as each group is done, with the share that is */
  run(groups: readonly Group[], onDone?: (done: number, of: number) => void): Promise<(readonly Outcome[])[]>;
  close(): Promise<void>;
}

/**
 * Workers that have their own copy of the data. The results do not depend on how many there are.
 *
 * @param workers 0 runs everything here; as many as there are cores unless given
 */
export function pool(place: Place, workers: number = availableParallelism()): Pool {
  const idle: Worker[] = [];
  const all: Worker[] = [];
  const hired = (): Worker => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: { place } });
    all.push(worker);
    return worker;
  };
  const inWorker = async (group: Group): Promise<readonly Outcome[]> => {
    const worker = idle.pop() ?? hired();
    worker.postMessage(group);
    // `once` rejects where the worker fails, whose error says what and where.
    const [outcome] = (await once(worker, "message")) as [readonly Outcome[]];
    idle.push(worker);
    return outcome;
  };
  const here = async (group: Group): Promise<readonly Outcome[]> =>
    runGroup(group, await load(place, group.dtype));

  return {
    async run(groups, onDone = () => undefined) {
      const outcomes = new Array<readonly Outcome[]>(groups.length);
      let next = 0;
      let done = 0;
      const lane = async (): Promise<void> => {
        while (next < groups.length) {
          const k = next++;
          outcomes[k] = await (workers === 0 ? here : inWorker)(groups[k]!);
          onDone(++done, groups.length);
        }
      };
      await Promise.all(Array.from({ length: Math.max(workers, 1) }, lane));
      return outcomes;
    },
    async close() {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}
