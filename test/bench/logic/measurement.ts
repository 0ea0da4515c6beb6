import type { Spread } from "./spread.ts";

/**
 * W1: batch norm composed of primitives, forward and backward. W2: the same by the system's own fused op. W3, W4:
 * training steps of two networks with batch norm composed; W3f, W4f: with the fused one.
 */
export type Workload = "W1" | "W2" | "W3" | "W3f" | "W4" | "W4f";

export const WORKLOADS: readonly Workload[] = ["W1", "W2", "W3", "W3f", "W4", "W4f"];

export type Float = "float32" | "float64";

/** What one system took for one case. */
export interface Measurement {
  readonly system: string;
  readonly workload: Workload;
  readonly dtype: Float;
  /** `rows x columns` of the batch, or the name of the network. */
  readonly size: string;
  /** Of the rounds' medians, in microseconds. */
  readonly us: Spread;
  /** The first call, tracing and compiling included. */
  readonly firstMs: number;
}

/** What could not be measured, and why. */
export interface Absence {
  readonly system: string;
  readonly workload: Workload;
  readonly dtype: Float;
  readonly size: string;
  readonly kind: "unsupported" | "differs" | "failed";
  readonly why: string;
}

/** Most resident memory of a system's process so far, after the case. */
export interface Peak {
  readonly system: string;
  readonly workload: Workload;
  readonly dtype: Float;
  readonly size: string;
  readonly megabytes: number;
}

export interface Found {
  readonly measurements: readonly Measurement[];
  readonly absences: readonly Absence[];
  readonly peaks: readonly Peak[];
}

/** Which measurement is meant. */
export type Key = Pick<Measurement, "system" | "workload" | "dtype" | "size">;

export function measurementOf(all: readonly Measurement[], key: Key): Measurement | null {
  const isIt = (m: Measurement): boolean =>
    m.system === key.system && m.workload === key.workload && m.dtype === key.dtype && m.size === key.size;
  return all.find(isIt) ?? null;
}

/** The medians' ratio, ours / theirs: below 1 where we are faster. null where one is missing. */
export function ratioOf(all: readonly Measurement[], ours: Key, theirs: Key): number | null {
  const [a, b] = [measurementOf(all, ours), measurementOf(all, theirs)];
  return a === null || b === null ? null : a.us.median / b.us.median;
}
