/** What an example's exports can be looked at as. */
import {
  ArgumentError,
  type Certifiable,
  certify,
  certifyWith,
  type Fused,
  type Inputs,
  type MutationScore,
  mutationScore,
  type Report,
  type Tensor,
  type Tree,
} from "wengert";
import { exploreWith, gradientPasses, type TapeDocument } from "wengert/explore";
import type { Certificate, Part, PlainReport, PlainScore } from "./messages.ts";
import { FILE } from "./transpile.ts";

/**
 * An example may export
 *
 * - `layer`, a function of tensors, and `inputs`, an array of what it is applied to: it has a tape and a certificate;
 * - `op`, a fused op (and `params`, where it has any): what is certified is the op, and errors are planted in it;
 * - anything that `explore` or `certify` returned: that is then shown as it is.
 */
export type Exports = Readonly<Record<string, unknown>>;

export function partsOf(exports: Exports): Part[] {
  const parts: Part[] = [];
  if (documentIn(exports) !== null || layerIn(exports) !== null) parts.push("tape");
  if (reportIn(exports) !== null || layerIn(exports) !== null || opIn(exports) !== null)
    parts.push("certificate");
  return parts;
}

/** @param code to be shown beside the tape; null where it is shown anyway */
export function tapeOf(exports: Exports, code: string | null): TapeDocument {
  const document = documentIn(exports);
  const source = code === null ? null : { file: FILE, text: code };
  if (document !== null) return { ...document, source };
  const layer = layerIn(exports);
  if (layer === null) throw new ArgumentError("tape", "an example that exports layer and inputs", "neither");
  const passes = gradientPasses(layer.f, ...layer.x);
  return exploreWith({ name: "layer", passes, ...(source === null ? {} : { source }) }, layer.f, ...layer.x);
}

export async function certificateOf(exports: Exports): Promise<Certificate> {
  const report = reportIn(exports);
  const score = scoreIn(exports);
  const op = opIn(exports);
  if (report !== null)
    return { report: plainReport(report), mutation: score === null ? null : plainScore(score) };
  if (op !== null) return certificateOfOp(op, inputsIn(exports) as Inputs, exports["params"]);
  const layer = layerIn(exports);
  if (layer === null)
    throw new ArgumentError("certificate", "an example that exports layer and inputs", "neither");
  return {
    report: plainReport(certify(layer.f as Certifiable<readonly unknown[], void>, ...layer.x)),
    mutation: null,
  };
}

async function certificateOfOp(op: AnyFused, x: Inputs, params: unknown): Promise<Certificate> {
  const report = certifyWith({ params }, op, ...x);
  // A mutant's first order is what a closed form is for; the second would take ten times as long.
  const mutation =
    report.verdict === "agrees"
      ? await mutationScore(op, (mutant) => certifyWith({ params, order: 1 }, mutant, ...x), {
          inputs: x,
          params,
        })
      : null;
  return { report: plainReport(report), mutation: mutation === null ? null : plainScore(mutation) };
}

type AnyFused = Fused<Inputs, unknown>;

interface Layer {
  readonly f: (...x: Tensor[]) => Tree;
  readonly x: readonly Tensor[];
}

function layerIn(exports: Exports): Layer | null {
  const { layer } = exports as { readonly layer?: unknown };
  const x = inputsIn(exports);
  return typeof layer === "function" && x !== null ? { f: layer as Layer["f"], x: x as Layer["x"] } : null;
}

function inputsIn(exports: Exports): readonly unknown[] | null {
  const { inputs } = exports as { readonly inputs?: unknown };
  return Array.isArray(inputs) ? inputs : null;
}

function opIn(exports: Exports): AnyFused | null {
  const { op } = exports as { readonly op?: Partial<AnyFused> | null };
  return typeof op?.reference === "function" && inputsIn(exports) !== null ? (op as AnyFused) : null;
}

function documentIn(exports: Exports): TapeDocument | null {
  const found = Object.values(exports).find(
    (value) => has(value, "format") && value.format === "wengert/tape",
  );
  return (found as TapeDocument | undefined) ?? null;
}

function reportIn(exports: Exports): Report | null {
  const found = Object.values(exports).find((value) => has(value, "findings") && has(value, "verdict"));
  return (found as Report | undefined) ?? null;
}

function scoreIn(exports: Exports): MutationScore | null {
  const found = Object.values(exports).find((value) => has(value, "survivors") && has(value, "killed"));
  return (found as MutationScore | undefined) ?? null;
}

function has<K extends string>(value: unknown, key: K): value is Readonly<Record<K, unknown>> {
  return typeof value === "object" && value !== null && key in value;
}

function plainReport({ subject, verdict, seed, findings, held }: Report): PlainReport {
  return { subject, verdict, seed, findings, held };
}

function plainScore({ subject, total, killed, score, survivors, equivalent }: MutationScore): PlainScore {
  return { subject, total, killed, score, survivors, equivalent };
}
