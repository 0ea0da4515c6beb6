/** Measurements as the tables that are printed. */
import { table } from "../../../src/certify/table.ts";
import {
  type Float,
  type Found,
  type Measurement,
  measurementOf,
  ratioOf,
  type Workload,
} from "./measurement.ts";
import { relativeSpread } from "./spread.ts";
import { judged } from "./targets.ts";

interface Which {
  readonly workload: Workload;
  readonly dtype: Float;
}

/** Microseconds, a row for each system, a column for each size. "12.3 ±2%": the quartiles are about 2 % away. */
export function timesTable({ measurements, absences }: Found, { workload, dtype }: Which): string | null {
  const isHere = (m: { readonly workload: Workload; readonly dtype: Float }): boolean =>
    m.workload === workload && m.dtype === dtype;
  const here = measurements.filter(isHere);
  if (here.length === 0) return null;
  const sizes = unique(here.map(({ size }) => size));
  const missing = absences.filter((a) => isHere(a) && a.kind !== "unsupported");
  const systems = unique([...here, ...missing].map(({ system }) => system));
  const cell = (system: string, size: string): string => {
    const found = measurementOf(here, { system, workload, dtype, size });
    if (found !== null) return `${significant(found.us.median)} ${percent(relativeSpread(found.us))}`;
    return missing.find((a) => a.system === system && a.size === size)?.kind ?? "";
  };
  return table(
    ["", ...sizes],
    systems.map((system) => [system, ...sizes.map((size) => cell(system, size))]),
  );
}

/** Ours / theirs: below 1 where we are faster. */
export function ratiosTable(
  measurements: readonly Measurement[],
  { workload, dtype }: Which,
  ours: string,
): string | null {
  const here = measurements.filter((m) => m.workload === workload && m.dtype === dtype);
  const sizes = unique(here.map(({ size }) => size));
  const others = unique(here.map(({ system }) => system)).filter((system) => system !== ours);
  if (others.length === 0 || !here.some(({ system }) => system === ours)) return null;
  const cell = (system: string, size: string): string => {
    const ratio = ratioOf(here, { system: ours, workload, dtype, size }, { system, workload, dtype, size });
    return ratio === null ? "" : significant(ratio);
  };
  return table(
    [`${ours} /`, ...sizes],
    others.map((system) => [system, ...sizes.map((size) => cell(system, size))]),
  );
}

/** Each target that was measured, and whether it is met. */
export function targetsTable(measurements: readonly Measurement[], sizes: ReadonlySet<string>): string {
  const all = judged(measurements, sizes);
  const rows = all.flatMap(({ says, size, atMost, measured }) =>
    measured === null
      ? []
      : [[says, size, significant(measured), significant(atMost), verdict(measured, atMost)]],
  );
  const without = all.length - rows.length;
  const note =
    without === 0 ? [] : [`Not measured: ${without} more, of which one side or both are not here.`];
  const shown = rows.length === 0 ? [] : [table(["target", "size", "measured", "at most", ""], rows)];
  return [...shown, ...note].join("\n");
}

function verdict(measured: number, atMost: number): string {
  return measured <= atMost ? "met" : `missed by ${significant(measured / atMost)} times`;
}

/** Three digits, without an exponent. */
export function significant(value: number): string {
  if (!(Math.abs(value) >= 1e-6)) return value === 0 ? "0" : String(value);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(decimals);
}

function percent(share: number): string {
  return `±${Math.round(share * 100)}%`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
