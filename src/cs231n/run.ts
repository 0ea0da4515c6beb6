import { availableParallelism, cpus } from "node:os";
import { checks } from "./checks/index.ts";
import { findData, load } from "./dataset.ts";
import { EXPERIMENTS } from "./experiments/index.ts";
import { trainChecks } from "./experiments/train.ts";
import type { Progress } from "./progress.ts";
import { writeReport } from "./report/index.ts";
import type { CheckRow, Experiment, Results } from "./result.ts";
import { pool } from "./running/pool.ts";

/** What `wengert cs231n` can be asked for, besides all of it. */
export const PARTS: readonly string[] = Object.freeze(["check", ...Object.keys(EXPERIMENTS)]);

export interface RunOptions {
  readonly parts: readonly string[];
  /** Where CIFAR-10 is; looked for where it usually is unless given. */
  readonly folder: string | undefined;
  readonly out: string;
  readonly seed: number;
  readonly progress: Progress;
  /** Told what is known, as soon as it is. */
  readonly onData: (name: string) => void;
  readonly onChecks: (rows: readonly CheckRow[]) => void;
  readonly onExperiment: (experiment: Experiment) => void;
}

/**
 * Run the checks and experiments that were asked for, and write the report. It is written anew after each, so that
 * whoever stops half-way has what was done.
 *
 * @returns everything, and where the report is
 */
export async function runParts(options: RunOptions): Promise<{ results: Results; report: string }> {
  const { parts, folder, out, seed, progress } = options;
  const place = await findData(folder);
  const { name, isCourse, inputDim, data } = await load(place, "float64");
  options.onData(name);
  const workers = pool(place);
  let results: Results = {
    data: name,
    seed,
    environment: environment(),
    engine: "eager",
    checks: [],
    experiments: [],
  };
  let report = "";
  try {
    for (const part of parts) {
      if (part === "check") {
        results = { ...results, checks: [...results.checks, ...checks()] };
        options.onChecks(results.checks);
      } else {
        const experiment = await EXPERIMENTS[part]!({
          pool: workers,
          from: { samples: data.trainX.shape[0]!, inputDim },
          isCourse,
          seed,
          onDone: (done, of) => progress.show(part, done, of),
        });
        options.onExperiment(experiment);
        results = {
          ...results,
          checks: [...results.checks, ...(part === "train" ? trainChecks(experiment) : [])],
          experiments: [...results.experiments, experiment],
        };
      }
      report = (await writeReport(results, out)).html;
    }
  } finally {
    progress.end();
    await workers.close();
  }
  return { results, report };
}

function environment(): Readonly<Record<string, string>> {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: String(availableParallelism()),
    date: new Date().toISOString().slice(0, 10),
  };
}
