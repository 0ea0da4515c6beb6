/** Runs groups that it is sent, one at a time, and sends back what came of them. */
import { parentPort, workerData } from "node:worker_threads";
import type { DType } from "../../../graph/index.ts";
import { type Dataset, load, type Place } from "../dataset.ts";
import type { Group } from "./group.ts";
import { runGroup } from "./runGroup.ts";

const { place } = workerData as { readonly place: Place };
const loaded = new Map<DType, Promise<Dataset>>();

parentPort?.on("message", async (group: Group) => {
  let dataset = loaded.get(group.dtype);
  if (dataset === undefined) {
    dataset = load(place, group.dtype);
    loaded.set(group.dtype, dataset);
  }
  parentPort?.postMessage(await runGroup(group, await dataset));
});
