import { columns, roundedText } from "../../graph/index.ts";
import type { Explanation, InputExplanation, Reason } from "./explanation.ts";

/** A line for each input, then one for each place at which its derivatives end. */
export function explanationText({ subject, inputs }: Omit<Explanation, "toString">): string {
  const rows = columns(inputs.map((input) => [input.input, input.verdict, summary(input)]));
  const lines = rows.flatMap((row, k) => [`  ${row}`, ...inputs[k]!.reasons.flatMap(reasonLines)]);
  return [`gradients of ${subject}`, ...lines].join("\n");
}

function summary({ verdict, entries, zeros, largest }: InputExplanation): string {
  if (verdict === "missing") return "no cotangent arrives";
  if (verdict === "not finite") return "withBlame names the op that made the first such number";
  const size = `the largest of ${entries} ${entries === 1 ? "entry" : "entries"} is ${roundedText(largest, 3)}`;
  return zeros > 0 && zeros < entries ? `${size}; ${zeros} are 0` : size;
}

function reasonLines({ kind, because, op, origin, path }: Reason): string[] {
  const where = op === null ? "" : ` at ${op}`;
  return [
    `    ${kind}${where}: ${because}`,
    ...(path.length > 1 ? [`      by ${path.join(" -> ")}`] : []),
    ...(origin === null ? [] : [`      applied at ${origin}`]),
  ];
}
