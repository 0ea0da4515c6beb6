/** What a page and the worker that runs its example tell each other. */
import type { MutationScore, Report } from "wengert";
import type { TapeDocument } from "wengert/explore";

/** What can be asked of an example that has run: what it exports decides whether there is any. */
export type Part = "tape" | "certificate";

export type ToWorker =
  | { readonly kind: "run"; readonly code: string }
  /** `isBeside` says that the code is shown elsewhere, and need not be in the tape. */
  | { readonly kind: "tape"; readonly isBeside: boolean }
  | { readonly kind: "certificate" };

export type FromWorker =
  /** It is loaded, and waits for code. */
  | { readonly kind: "ready" }
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  | { readonly kind: "ran"; readonly parts: readonly Part[] }
  | { readonly kind: "error"; readonly error: CodeError }
  | { readonly kind: "tape"; readonly tape: TapeDocument }
  | { readonly kind: "certificate"; readonly certificate: Certificate };

/** What went wrong in an example, and on which line; null where that is not known. */
export interface CodeError {
  readonly message: string;
  readonly line: number | null;
}

/** A report without its printing, which does not travel. */
export type PlainReport = Omit<Report, "toString">;
export type PlainScore = Omit<MutationScore, "toString">;

export interface Certificate {
  readonly report: PlainReport;
  /** Of a fused op: which planted errors were noticed. */
  readonly mutation: PlainScore | null;
}
