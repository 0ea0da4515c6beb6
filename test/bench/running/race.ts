/** Every system in turn, several rounds: what slows the machine for a while slows all of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Expected, expectedOf, inputsOf, sizesOf } from "../cases.ts";
import { type Agreement, agreement } from "../logic/agreement.ts";
import type { Absence, Float, Found, Measurement, Peak, Workload } from "../logic/measurement.ts";
import { spreadOf } from "../logic/spread.ts";
import type { Child } from "./child.ts";
import type { Contestant } from "./contestants.ts";
import { readResults, writeInputs } from "./inputs.ts";
import type { Options } from "./options.ts";
import type { Ready, Refused, Task } from "./task.ts";

/** Compiling a network may take minutes (torch.compile calls a C++ compiler). */
const PREPARING = 300;
const RUNNING = 120;
const SOON = 60;

export interface Raced extends Found {
  readonly versions: Readonly<Record<string, string>>;
}

type Case = { readonly workload: Workload; readonly dtype: Float; readonly size: string };

/** @param progress is told what is being done */
export async function race(
  present: readonly Contestant[],
  options: Options,
  progress: (line: string) => void,
): Promise<Raced> {
  const folder = mkdtempSync(join(tmpdir(), "wengert-bench-"));
  const found = new Findings();
  try {
    // A process sees one dtype only: loops that have seen two are slower in V8.
    for (const dtype of options.dtypes) {
      const children = new Map(present.map(({ name, start }) => [name, start()]));
      try {
        await greet(children, found);
        for (const workload of options.workloads) {
          for (const size of sizesOf(workload, options.sizes)) {
            progress(`${workload} ${dtype} ${size}`);
            await raceCase({ workload, dtype, size }, children, options, folder, found, progress);
          }
        }
      } finally {
        for (const child of children.values()) child.end();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}

class Findings implements Raced {
  readonly measurements: Measurement[] = [];
  readonly absences: Absence[] = [];
  readonly peaks: Peak[] = [];
  readonly versions: Record<string, string> = {};
}

async function greet(children: ReadonlyMap<string, Child>, found: Findings): Promise<void> {
  for (const child of children.values()) {
    const hello = await child.ask({ do: "hello" }, SOON);
    if (hello.ok) Object.assign(found.versions, hello.versions);
  }
}

async function raceCase(
  which: Case,
  children: ReadonlyMap<string, Child>,
  { rounds, seconds }: Options,
  folder: string,
  found: Findings,
  progress: (line: string) => void,
): Promise<void> {
  const drop = (system: string, kind: Absence["kind"], why: string): void => {
    found.absences.push({ ...which, system, kind, why });
    if (kind !== "unsupported") progress(`  ${system} ${kind}: ${why}`);
  };
  const running = await prepared(which, children, folder, drop);
  const names = [...running.keys()];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  // The round before the first warms up: engines compile what they have seen often.
  for (let round = -1; round < rounds; round++) {
    for (let k = 0; k < names.length; k++) {
      // Each round begins with another: nobody always follows the same one, with what that leaves in the caches.
      const name = names[(k + round + 1) % names.length]!;
      if (!running.has(name)) continue;
      const timed = await children.get(name)!.ask({ do: "run", seconds }, RUNNING);
      if (!timed.ok) {
        drop(name, timed.kind, timed.why);
        running.delete(name);
      } else if (round >= 0) times.get(name)!.push(1e6 * spreadOf(timed.samples).median);
    }
  }
  for (const [system, { firstMs }] of running) {
    found.measurements.push({ ...which, system, us: spreadOf(times.get(system)!), firstMs });
    const freed = await children.get(system)!.ask({ do: "free" }, SOON);
    if (freed.ok) found.peaks.push({ ...which, system, megabytes: freed.megabytes });
  }
}

/** Every system has computed the case; those remain whose results are right. */
async function prepared(
  which: Case,
  children: ReadonlyMap<string, Child>,
  folder: string,
  drop: (system: string, kind: Absence["kind"], why: string) => void,
): Promise<Map<string, Ready>> {
  const inputs = inputsOf(which.workload, which.size, which.dtype);
  const expected = await expectedOf(inputs);
  const task = writeInputs(inputs, join(folder, "inputs"), join(folder, "results"));
  const running = new Map<string, Ready>();
  for (const [system, child] of children) {
    const ready: Ready | Refused = await child.ask({ do: "prepare", task }, PREPARING);
    if (!ready.ok) {
      drop(system, ready.kind, ready.why);
      continue;
    }
    const judgement = judge(task, ready, expected);
    if (judgement.agrees) running.set(system, ready);
    else drop(system, "differs", disagreement(judgement));
  }
  return running;
}

function judge(task: Task, ready: Ready, expected: Expected): Agreement {
  return agreement(
    readResults(ready.results, task.results),
    expected.reference,
    expected.plain,
    expected.summed,
  );
}

function disagreement({ worst: { name, error, allowed } }: Agreement): string {
  return `${name} is ${error.toExponential(1)} from the float64 reference, where ${allowed.toExponential(1)} is allowed`;
}
