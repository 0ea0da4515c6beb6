/** What is said between the bench and the process of a system: a line of JSON each way. */
import type { Absence, Float, Workload } from "../logic/measurement.ts";

export interface ArraySpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** One case for one system. */
export interface Task {
  readonly workload: Workload;
  readonly dtype: Float;
  readonly size: string;
  /** What `file` holds, one after another, row-major, in the dtype. */
  readonly arrays: readonly ArraySpec[];
  readonly file: string;
  /** The examples' classes; null where there is nothing to classify. */
  readonly labels: readonly number[] | null;
  /** Where the system writes its results, one after another, in float64. */
  readonly results: string;
}

export type Request =
  | { readonly do: "hello" }
  | { readonly do: "prepare"; readonly task: Task }
  | { readonly do: "run"; readonly seconds: number }
  | { readonly do: "free" };

export interface Hello {
  readonly ok: true;
  readonly versions: Readonly<Record<string, string>>;
}

/** What was written to `results`: names and sizes, in order. */
export interface Ready {
  readonly ok: true;
  readonly firstMs: number;
  readonly results: readonly { readonly name: string; readonly size: number }[];
}

/** Seconds a run, one figure for each sample. */
export interface Timed {
  readonly ok: true;
  readonly samples: readonly number[];
}

export interface Freed {
  readonly ok: true;
  /** Most memory that was resident at once since the process began. */
  readonly megabytes: number;
}

export interface Refused {
  readonly ok: false;
  readonly kind: Exclude<Absence["kind"], "differs">;
  readonly why: string;
}

/** The answer to each kind of request. */
export interface Answers {
  readonly hello: Hello;
  readonly prepare: Ready;
  readonly run: Timed;
  readonly free: Freed;
}

export type Answer = Answers[keyof Answers] | Refused;

/** Lines of the protocol begin with it; whatever else a library prints is not meant for us. */
export const MARK = "@wengert ";
