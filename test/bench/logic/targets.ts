/** What the compiler is to reach, as data: each target is a ratio ours / theirs, or a time, at most so large. */
import { type Measurement, measurementOf, ratioOf, type Workload } from "./measurement.ts";

interface Side {
  readonly system: string;
  readonly workload: Workload;
}

export interface Target {
  readonly says: string;
  readonly ours: Side;
  /** What we are held against; null for a time of our own: microseconds a run, or milliseconds of the first call. */
  readonly theirs: Side | null;
  readonly unit: "ratio" | "us" | "first ms";
  readonly atMost: Readonly<Record<string, number>>;
}

const composed: Side = { system: "wengert-compiled", workload: "W1" };
const fused: Side = { system: "wengert-compiled", workload: "W2" };
const eager: Side = { system: "wengert", workload: "W1" };

/** In float32; "n times faster" is 1/n. */
export const TARGETS: readonly Target[] = [
  against("W1 compiled / PyTorch eager", composed, "torch", {
    "4x5": 1 / 50,
    "200x3": 1 / 5,
    "100x100": 1 / 5,
    "500x1000": 1 / 2.5,
    "4096x1024": 1 / 2.5,
  }),
  against("W1 compiled / JAX jit", composed, "jax", {
    "4x5": 1 / 10,
    "200x3": 1 / 3,
    "100x100": 1 / 2,
    "500x1000": 1 / 1.1,
    "4096x1024": 1 / 1.15,
  }),
  against("W1 compiled / torch.compile", composed, "torch-compile", {
    "4x5": 1 / 50,
    "200x3": 1 / 8,
    "100x100": 1 / 5,
    "500x1000": 1,
    "4096x1024": 1 / 1.3,
  }),
  against("W1 compiled / jax-js jit", composed, "jax-js", {
    "4x5": 1 / 100,
    "100x100": 1 / 5,
    "500x1000": 1 / 1.4,
    "4096x1024": 1 / 1.4,
  }),
  {
    says: "W1 compiled / own fused op compiled",
    ours: composed,
    theirs: fused,
    unit: "ratio",
    atMost: { "4x5": 1.15, "200x3": 1.15, "100x100": 1.15, "500x1000": 1.15, "4096x1024": 1.15 },
  },
  {
    says: "W2 compiled / PyTorch's batch_norm",
    ours: fused,
    theirs: { system: "torch", workload: "W2" },
    unit: "ratio",
    atMost: { "4x5": 0.1, "100x100": 0.5, "500x1000": 1.3, "4096x1024": 1.3 },
  },
  against("W3 compiled / JAX jit", { system: "wengert-compiled", workload: "W3" }, "jax", { W3: 1.15 }),
  against("W4 compiled / JAX jit", { system: "wengert-compiled", workload: "W4" }, "jax", { W4: 2.2 }),
  {
    says: "W1 define-by-run, microseconds",
    ours: eager,
    theirs: null,
    unit: "us",
    atMost: { "4x5": 12, "100x100": 40 },
  },
  {
    says: "W1 define-by-run / compiled",
    ours: eager,
    theirs: composed,
    unit: "ratio",
    atMost: { "500x1000": 1.25, "4096x1024": 1.25 },
  },
  {
    says: "W1 first compiled call, milliseconds",
    ours: composed,
    theirs: null,
    unit: "first ms",
    atMost: { "4x5": 20 },
  },
  {
    says: "W3 first compiled call, milliseconds",
    ours: { system: "wengert-compiled", workload: "W3" },
    theirs: null,
    unit: "first ms",
    atMost: { W3: 150 },
  },
];

function against(says: string, ours: Side, system: string, atMost: Target["atMost"]): Target {
  return { says, ours, theirs: { system, workload: ours.workload }, unit: "ratio", atMost };
}

export interface Judged {
  readonly says: string;
  readonly size: string;
  readonly atMost: number;
  /** null where a side is missing. */
  readonly measured: number | null;
}

/** Each target at each of its sizes that was asked for. */
export function judged(all: readonly Measurement[], sizes: ReadonlySet<string>): Judged[] {
  return TARGETS.flatMap((target) =>
    Object.entries(target.atMost)
      .filter(([size]) => sizes.has(size))
      .map(([size, atMost]) => {
        return { says: target.says, size, atMost, measured: measuredFor(all, target, size) };
      }),
  );
}

function measuredFor(
  all: readonly Measurement[],
  { ours, theirs, unit }: Target,
  size: string,
): number | null {
  const key = (side: Side) => ({ ...side, dtype: "float32", size }) as const;
  if (theirs !== null) return ratioOf(all, key(ours), key(theirs));
  const found = measurementOf(all, key(ours));
  if (found === null) return null;
  return unit === "us" ? found.us.median : found.firstMs;
}
