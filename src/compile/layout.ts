/** Where in a region everything lies: what is not needed any more makes room for what is. */

import { WIDTH } from "../../ops/kernels/wasm/sweep/lanes.ts";
import type { Buffer } from "../../ops/kernels/wasm/sweep/sweep.ts";

/** What one step reads or writes. */
export interface Touch {
  readonly buffer: Buffer;
  /** How many bytes beyond its end may be overwritten. */
  readonly spill?: number;
}

const LINE = 64;

/** Loads may reach beyond the end of what is theirs, by less than a vector. */
const SLACK = 16;

/**
 * Give every buffer its address, counted from 0.
 *
 * @param kept buffers that hold their numbers all the time: inputs, constants, results
 * @param inPlace buffers that lie where others do, which are among the kept
 * @returns how many bytes that takes
 */
export function lieOut(
  steps: readonly (readonly Touch[])[],
  kept: readonly Buffer[],
  inPlace: ReadonlyMap<Buffer, Buffer>,
): number {
  const spills = new Map<Buffer, number>();
  const last = new Map<Buffer, number>();
  steps.forEach((touches, k) => {
    for (const { buffer, spill = 0 } of touches) {
      spills.set(buffer, Math.max(spills.get(buffer) ?? 0, spill));
      last.set(buffer, k);
    }
  });
  const bytesOf = (buffer: Buffer): number =>
    Math.ceil((buffer.size * WIDTH[buffer.dtype] + SLACK + (spills.get(buffer) ?? 0)) / LINE) * LINE;
  const space = new Space();
  const placed = new Set<Buffer>();
  const place = (buffer: Buffer): void => {
    const other = inPlace.get(buffer);
    if (placed.has(buffer)) return;
    placed.add(buffer);
    if (other === undefined) {
      buffer.address = space.take(bytesOf(buffer));
      return;
    }
    place(other);
    buffer.address = other.address;
  };
  kept.forEach(place);
  const stays = new Set(kept);
  steps.forEach((touches, k) => {
    for (const { buffer } of touches) place(buffer);
    for (const { buffer } of touches) {
      if (stays.has(buffer) || last.get(buffer) !== k || !placed.has(buffer)) continue;
      last.delete(buffer);
      space.give(buffer.address, bytesOf(buffer));
    }
  });
  return space.most;
}

/** Addresses from 0 on: the smallest gap that is wide enough is taken. */
class Space {
  most = 0;
  readonly #gaps: { address: number; bytes: number }[] = [];

  take(bytes: number): number {
    let best = -1;
    this.#gaps.forEach((gap, k) => {
      if (gap.bytes >= bytes && (best < 0 || gap.bytes < this.#gaps[best]!.bytes)) best = k;
    });
    if (best >= 0) {
      const gap = this.#gaps[best]!;
      const { address } = gap;
      gap.address += bytes;
      gap.bytes -= bytes;
      if (gap.bytes === 0) this.#gaps.splice(best, 1);
      return address;
    }
    const end = this.#gaps[this.#gaps.length - 1];
    const address = end !== undefined && end.address + end.bytes === this.most ? end.address : this.most;
    if (address !== this.most) this.#gaps.pop();
    this.most = address + bytes;
    return address;
  }

  give(address: number, bytes: number): void {
    const gaps = [...this.#gaps, { address, bytes }].sort((a, b) => a.address - b.address);
    this.#gaps.length = 0;
    for (const gap of gaps) {
      const before = this.#gaps[this.#gaps.length - 1];
      if (before !== undefined && before.address + before.bytes === gap.address) before.bytes += gap.bytes;
      else this.#gaps.push({ ...gap });
    }
  }
}
