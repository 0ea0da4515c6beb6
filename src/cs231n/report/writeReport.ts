import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ArgumentError, describe } from "../../../graph/index.ts";
import { writeDurably } from "../../train/node/durably.ts";
import type { Results, Table } from "../result.ts";
import { Names } from "./html.ts";
import { plotSvg } from "./plotSvg.ts";
import { reportHtml } from "./reportHtml.ts";

/** The files that a report is made of. */
export interface ReportPaths {
  readonly html: string;
  readonly json: string;
  /** One a figure, in the order of the experiments. */
  readonly figures: readonly string[];
}

/**
 * Write `index.html`, `report.json` and an SVG for each figure into a folder, which is made if need be. Whoever looks
 * finds each file whole, or as it was before. The numbers are written first: they are there even if drawing fails.
 * Figures of an earlier report that have other names stay.
 *
 * @throws ArgumentError where the folder cannot be written to, and what `plotSvg` throws
 */
export async function writeReport(results: Results, dir: string): Promise<ReportPaths> {
  if (typeof dir !== "string" || dir === "") {
    throw new ArgumentError("writeReport", "a folder", dir === "" ? "an empty string" : describe(dir));
  }
  const folder = resolve(dir);
  const write = async (file: string, contents: string): Promise<string> => {
    const path = join(folder, file);
    await orUnwritable(folder, () => writeDurably(path, contents));
    return path;
  };
  await orUnwritable(folder, () => mkdir(folder, { recursive: true }));
  const json = await write("report.json", `${JSON.stringify(jsonOf(results), null, 2)}\n`);
  const names = new Names();
  const figures: string[] = [];
  for (const figure of results.experiments.flatMap((experiment) => experiment.figures)) {
    figures.push(await write(`${names.take(figure.name)}.svg`, await plotSvg(figure)));
  }
  return { html: await write("index.html", await reportHtml(results)), json, figures };
}

async function orUnwritable<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const expected = `${JSON.stringify(folder)} to be a folder that can be written to`;
    throw new ArgumentError("writeReport", expected, reason, "choose another folder, or free this one");
  }
}

/** JSON has no NaN: in a table, where "null" would tell nothing, it becomes the word. */
function jsonOf(results: Results): Results {
  const cell = (value: string | number): string | number =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  const worded = (table: Table): Table => ({ ...table, rows: table.rows.map((row) => row.map(cell)) });
  const experiments = results.experiments.map((experiment) => ({
    ...experiment,
    tables: experiment.tables.map(worded),
  }));
  return { ...results, experiments };
}
