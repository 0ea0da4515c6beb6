/** Results that lie where an input did: parameters that a step takes and gives back changed. */
import {
  type Access,
  accessesOf,
  type Buffer,
  rootsOf,
  type Sweep,
  termsOf,
} from "../../../ops/kernels/wasm/sweep/sweep.ts";
import type { LoweredOutput, LoweredStep } from "./lower.ts";

export interface Heir {
  readonly input: number;
  readonly output: number;
  readonly from: Buffer;
  readonly to: Buffer;
  /** Whether it is written over the input while that is read; else it is copied there when all is done. */
  readonly isInPlace: boolean;
}

/** For each donated input, in order, the first result of its kind; one that can be written in place comes before others. */
export function heirsOf(
  donated: ReadonlySet<number>,
  inputs: readonly (Buffer | null)[],
  outputs: readonly LoweredOutput[],
  steps: readonly LoweredStep[],
): Heir[] {
  const heirs: Heir[] = [];
  const taken = new Set<number>();
  const shared = duplicates(outputs);
  for (const input of donated) {
    const to = inputs[input] ?? null;
    if (to === null || isReturned(input, to, outputs)) continue;
    const candidates = outputs.flatMap((output, k) => {
      if (output.kind !== "buffer" || taken.has(k) || shared.has(output.buffer)) return [];
      const { buffer } = output;
      if (buffer.dtype !== to.dtype || buffer.size !== to.size || inputs.includes(buffer)) return [];
      return [{ input, output: k, from: buffer, to, isInPlace: canReplace(buffer, to, steps) }];
    });
    const heir = candidates.find(({ isInPlace }) => isInPlace) ?? candidates[0];
    if (heir === undefined) continue;
    taken.add(heir.output);
    heirs.push(heir);
  }
  return heirs;
}

/** Whether an input is a result itself, or a view of it is: then its old numbers are wanted after all. */
export function isReturned(input: number, buffer: Buffer | null, outputs: readonly LoweredOutput[]): boolean {
  return outputs.some((output) =>
    output.kind === "input" ? output.index === input : output.kind === "buffer" && output.buffer === buffer,
  );
}

function duplicates(outputs: readonly LoweredOutput[]): ReadonlySet<Buffer> {
  const seen = new Set<Buffer>();
  const twice = new Set<Buffer>();
  for (const output of outputs) {
    if (output.kind !== "buffer") continue;
    if (seen.has(output.buffer)) twice.add(output.buffer);
    seen.add(output.buffer);
  }
  return twice;
}

/** Whether `from` can be written where `to` is: nothing reads that later, or elsewhere than at the same point. */
function canReplace(from: Buffer, to: Buffer, steps: readonly LoweredStep[]): boolean {
  const at = steps.findIndex((step) => writes(step, from));
  const step = steps[at];
  if (step?.kind !== "sweeps" || step.nest.length !== 1) return false;
  const [sweep] = step.nest as readonly [Sweep];
  const store = sweep.stores.find((one) => one.to.buffer === from);
  if (store === undefined) return false;
  const isSame = ({ start, strides }: Access): boolean =>
    start === 0 && `${strides}` === `${store.to.strides}`;
  return (
    steps.slice(at + 1).every((later) => !reads(later, to)) &&
    accessesOf(sweep).every((access) => access.buffer !== to || isSame(access))
  );
}

export function writes(step: LoweredStep, buffer: Buffer): boolean {
  if (step.kind !== "sweeps") return step.y === buffer;
  return step.nest.some(({ stores, folds }) => [...stores, ...folds].some(({ to }) => to.buffer === buffer));
}

function reads(step: LoweredStep, buffer: Buffer): boolean {
  if (step.kind === "kernel") return step.x.some((x) => x.buffer === buffer);
  if (step.kind === "product") return step.a.buffer === buffer || step.b.buffer === buffer;
  return step.nest.some((sweep) =>
    termsOf(rootsOf(sweep)).some((term) => term.kind === "load" && term.access.buffer === buffer),
  );
}
