/** What came out: tables for the terminal, JSON, and a chart for each table with sizes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { table } from "../../src/certify/table.ts";
import { plotSvg } from "../../src/cs231n/report/index.ts";
import type { Figure } from "../../src/cs231n/result.ts";
import { type Float, type Measurement, measurementOf, type Workload } from "./logic/measurement.ts";
import { ratiosTable, significant, targetsTable, timesTable } from "./logic/tables.ts";
import { machine } from "./running/machine.ts";
import type { Options } from "./running/options.ts";
import type { Raced } from "./running/race.ts";

const TITLES: Readonly<Record<Workload, string>> = {
  W1: "W1: batch norm composed of primitives, forward and backward",
  W2: "W2: the same by each system's own fused op",
  W3: "W3: training step 3072-[100]x5-10, batch 50, composed batch norm, Adam",
  W3f: "W3 with the fused batch norm",
  W4: "W4: training step 784-[512]x2-10, batch 128, composed batch norm, Adam",
  W4f: "W4 with the fused batch norm",
};

export function printed(raced: Raced, options: Options, absent: Readonly<Record<string, string>>): string {
  const { measurements, versions } = raced;
  const where = Object.entries({ ...machine(), ...versions }).map(([name, what]) => `${name} ${what}`);
  const parts = [
    where.join(", "),
    `Microseconds a run: the median of ${options.rounds} rounds in turn, with half the middle half of them in percent.\nRatios are ours / theirs: below 1 where ours is faster. Only ratios within one run mean anything.`,
  ];
  for (const dtype of options.dtypes) {
    for (const workload of options.workloads) parts.push(...section(raced, { workload, dtype }));
  }
  if (options.dtypes.includes("float32")) {
    const sizes = new Set(measurements.filter(({ dtype }) => dtype === "float32").map(({ size }) => size));
    parts.push(`Targets, float32, one thread\n\n${targetsTable(measurements, sizes)}`);
  }
  parts.push(...firstCalls(measurements), ...peaks(raced), ...missing(raced, absent));
  return parts.join("\n\n");
}

interface Which {
  readonly workload: Workload;
  readonly dtype: Float;
}

function section(raced: Raced, which: Which): string[] {
  const times = timesTable(raced, which);
  if (times === null) return [];
  const isCompiled = raced.measurements.some(
    (m) => m.system === "wengert-compiled" && m.workload === which.workload && m.dtype === which.dtype,
  );
  const ratios = ratiosTable(raced.measurements, which, isCompiled ? "wengert-compiled" : "wengert");
  return [`${TITLES[which.workload]}, ${which.dtype}`, times, ...(ratios === null ? [] : [ratios])];
}

/** What a first call costs: tracing and compiling, above all. */
function firstCalls(measurements: readonly Measurement[]): string[] {
  const isTold = ({ size, workload }: Measurement): boolean => size === "4x5" || workload === "W3";
  const rows = measurements
    .filter((m) => m.dtype === "float32" && m.workload !== "W2" && isTold(m))
    .map(({ system, size, firstMs }) => [system, size, significant(firstMs)]);
  if (rows.length === 0) return [];
  return [`The first call, milliseconds, float32\n\n${table(["", "size", "ms"], rows)}`];
}

function peaks({ peaks }: Raced): string[] {
  const rows = peaks
    .filter(({ workload, size }) => workload === "W1" && size === "4096x1024")
    .map(({ system, dtype, megabytes }) => [system, dtype, megabytes.toFixed(0)]);
  if (rows.length === 0) return [];
  return [`Most resident memory of the process, W1 at 4096x1024, MB\n\n${table(["", "dtype", "MB"], rows)}`];
}

function missing({ absences }: Raced, absent: Readonly<Record<string, string>>): string[] {
  const lines = [
    ...Object.entries(absent).map(([name, why]) => `${name} is not here: ${why}`),
    ...absences.map(
      ({ system, workload, dtype, size, kind, why }) =>
        `${system} ${workload} ${dtype} ${/x/.test(size) ? `${size} ` : ""}${kind}: ${why}`,
    ),
  ];
  // What is not supported is so at every size.
  const told = [...new Set(lines.map((line) => line.replace(/ \d+x\d+ unsupported:/, " unsupported:")))];
  return told.length === 0 ? [] : [`Left out\n\n${told.join("\n")}`];
}

/** @returns the files that were written */
export async function written(
  raced: Raced,
  options: Options,
  absent: Readonly<Record<string, string>>,
): Promise<string[]> {
  mkdirSync(options.out, { recursive: true });
  mkdirSync(dirname(options.json), { recursive: true });
  const { rounds, seconds } = options;
  const all = { machine: machine(), settings: { rounds, seconds }, absent, ...raced };
  writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  const files = [options.json];
  for (const workload of ["W1", "W2"] as const) {
    for (const dtype of options.dtypes) {
      const figure = figureOf(raced.measurements, { workload, dtype });
      if (figure === null) continue;
      const file = join(options.out, `${figure.name}.svg`);
      writeFileSync(file, await plotSvg(figure));
      files.push(file);
    }
  }
  return files;
}

function figureOf(measurements: readonly Measurement[], { workload, dtype }: Which): Figure | null {
  const here = measurements.filter((m) => m.workload === workload && m.dtype === dtype);
  const sizes = [...new Set(here.map(({ size }) => size))].sort((a, b) => elements(a) - elements(b));
  if (sizes.length < 2) return null;
  const systems = [...new Set(here.map(({ system }) => system))];
  return {
    name: `${workload.toLowerCase()}-${dtype}`,
    title: `${TITLES[workload]}, ${dtype}`,
    caption: "The time of a run over the size of the batch, in this one run: lower is faster.",
    x: { label: "elements of x", scale: "log" },
    y: { label: "microseconds a run", scale: "log" },
    mark: "both",
    series: systems.map((system) => ({
      name: system,
      x: sizes.map(elements),
      y: sizes.map((size) => measurementOf(here, { system, workload, dtype, size })?.us.median ?? null),
    })),
  };
}

function elements(size: string): number {
  return size.split("x").reduce((product, part) => product * Number(part), 1);
}
