import { type AnyPrimitive, fromData, isFloat, NotDifferentiableError } from "../../graph/index.ts";
import { certifyWith } from "../certify/certify.ts";
import type { Report, Verdict } from "../certify/report.ts";
import { table } from "../certify/table.ts";
import { drawFrom } from "../random/draw.ts";
import { entries } from "./registry.ts";

/** What is known of an op's derivatives, in a line. */
export interface Certificate {
  readonly op: string;
  readonly verdict: Verdict | "no derivative";
  /** Of the value, of the gradients, of their derivatives, ...: the fewest among the inputs. */
  readonly digits: readonly number[];
  /** The method that found the fewest; empty where there is no derivative. */
  readonly limitedBy: string;
}

/**
 * A certificate for every op of the library, at the first of its samples that has float inputs and a float result.
 * Where a derivative vanishes there (of a scalar step function), nothing is shown; then a later sample is taken.
 */
export function certificates(seed: number, order: 1 | 2 | 3): readonly Certificate[] {
  const ops = [...entries().values()].flatMap(({ op }) => (op === null ? [] : [op]));
  return ops.map((op) => certificateOf(op, seed, order));
}

function certificateOf(op: AnyPrimitive, seed: number, order: 1 | 2 | 3): Certificate {
  let found: Report | null = null;
  for (const { x, params } of op.samples(drawFrom(seed))) {
    if (!x.some((t) => isFloat(t.dtype) && t.data.length > 0)) continue;
    try {
      const tensors = x.map((t) => fromData(t.shape, t.dtype, t.data.slice()));
      const report = certifyWith({ seed, order, params }, op, ...tensors);
      found ??= report;
      if (report.verdict !== "vacuous") {
        found = report;
        break;
      }
    } catch (error) {
      if (!(error instanceof NotDifferentiableError)) throw error;
    }
  }
  return found === null
    ? { op: op.name, verdict: "no derivative", digits: [], limitedBy: "" }
    : summary(op, found);
}

function summary(op: AnyPrimitive, { verdict, findings }: Report): Certificate {
  const orders = [...new Set(findings.map((finding) => finding.order))].sort((a, b) => a - b);
  const fewest = findings.reduce((a, b) => (b.digits < a.digits ? b : a));
  return {
    op: op.name,
    verdict,
    digits: orders.map((n) => Math.min(...findings.filter((f) => f.order === n).map((f) => f.digits))),
    limitedBy: fewest.limitedBy,
  };
}

/** Whether nothing is to be said against the op. */
export function isInOrder({ verdict }: Certificate): boolean {
  return verdict === "agrees" || verdict === "no derivative";
}

export function certificatesTable(made: readonly Certificate[]): string {
  const orders = Math.max(1, ...made.map(({ digits }) => digits.length));
  const titles = Array.from({ length: orders }, (_, n) => (n === 0 ? "value" : `order ${n}`));
  const rows = made.map(({ op, verdict, digits, limitedBy }) => [
    op,
    verdict,
    ...titles.map((_, n) => digits[n]?.toFixed(1) ?? ""),
    limitedBy,
  ]);
  return table(["op", "verdict", ...titles, "limited by"], rows);
}
