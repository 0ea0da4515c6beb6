/** A tape and a walk back over it, asked where derivatives end. */

import { label } from "../../graph/ancestry.ts";
import {
  type BackwardStep,
  isFloat,
  type MaybeZero,
  type Node,
  pullback,
  roundedText,
  type Tensor,
  type Trace,
} from "../../graph/index.ts";
import { pointOf } from "../../graph/walk.ts";
import { add, cast, StopGradient, Where } from "../../ops/index.ts";
import { direction } from "../certify/directions.ts";
import type { Reason, ReasonKind } from "./explanation.ts";

/** One application that reads a node: which, and as which of its inputs. */
interface Use {
  readonly by: number;
  readonly slot: number;
}

export class Walk {
  readonly xBar: readonly MaybeZero[];
  readonly #tape: Trace;
  readonly #uses: Map<number, Use[]> = new Map();
  readonly #steps: Map<number, BackwardStep> = new Map();
  /** Nodes that the result depends on. */
  readonly #live: Set<number> = new Set();

  constructor(tape: Trace, yBar: readonly MaybeZero[]) {
    this.#tape = tape;
    tape.nodes.forEach(({ parents }, by) => {
      parents.forEach((p, slot) => {
        const uses = this.#uses.get(p);
        if (uses === undefined) this.#uses.set(p, [{ by, slot }]);
        else uses.push({ by, slot });
      });
    });
    const stack = [...tape.outputs];
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (this.#live.has(id)) continue;
      this.#live.add(id);
      stack.push(...tape.nodes[id]!.parents);
    }
    this.xBar = pullback(tape, yBar, add, (step) => this.#steps.set(step.index, step));
  }

  /** Whether what arrived at a leaf is 0, but for rounding, beside what was on its way there. */
  isZero(leaf: number): boolean {
    const bar = this.xBar[leaf]!;
    return bar === null || this.#isVanished(bar, this.#sizeAbove(leaf));
  }

  /** Where the derivatives end on all ways from a leaf to the result. */
  reasons(leaf: number, isZeroNearby: () => boolean): readonly Reason[] {
    const name = label(this.#tape.nodes[leaf]!, leaf);
    if (!isFloat(this.#tape.nodes[leaf]!.dtype)) {
      const { dtype } = this.#tape.nodes[leaf]!;
      return [reason("not differentiable", `${dtype} has no derivative: cast to float64 outside f`, [name])];
    }
    const uses = this.#uses.get(leaf) ?? [];
    if (uses.length === 0) return [reason("not used", "nothing reads it", [name])];
    if (!this.#live.has(leaf)) {
      const { by } = uses[0]!;
      return [this.#at("leads nowhere", "the result does not depend on what it goes into", by, [name])];
    }
    const found: Reason[] = [];
    const seen = new Set<number>([leaf]);
    const queue: { readonly id: number; readonly path: readonly string[] }[] = [{ id: leaf, path: [name] }];
    const size = this.#sizeAbove(leaf);
    for (const { id, path } of queue) {
      const arriving: number[] = [];
      for (const use of (this.#uses.get(id) ?? []).filter(({ by }) => this.#live.has(by))) {
        const end = this.#end(use, size, path, isZeroNearby);
        if (end === "goes on") {
          if (!seen.has(use.by)) queue.push({ id: use.by, path: [...path, this.#name(use.by)] });
          seen.add(use.by);
        } else if (end === "arrives") arriving.push(use.by);
        else if (!found.some((other) => other.node === end.node && other.kind === end.kind)) found.push(end);
      }
      if (arriving.length > 0) found.push(this.#cancelling(id, arriving, path, isZeroNearby()));
    }
    return found;
  }

  /** What becomes of the derivative at one application: it ends, and why; or it arrives; or it has ended further on. */
  #end(
    { by, slot }: Use,
    size: number,
    path: readonly string[],
    isZeroNearby: () => boolean,
  ): Reason | "goes on" | "arrives" {
    const node = this.#tape.nodes[by]!;
    if (node.dtype === "bool") return this.#at("comparison", "yes or no has no derivative", by, path);
    if (node.dtype === "int32") return this.#at("integer", "an integer has no derivative", by, path);
    const step = this.#steps.get(by);
    if (step === undefined) return "goes on";
    const bar = step.xBar[slot] ?? null;
    if (bar === null) {
      return node.op === StopGradient
        ? this.#at("stopped", "its result counts as a constant", by, path)
        : this.#at("constant in pieces", "where it does not jump, its slope is 0", by, path);
    }
    if (!this.#isVanished(bar, size)) return "arrives";
    if (this.#isVanished(step.yBar, size)) return "goes on";
    const isFlat = this.#isFlat(by, slot);
    if (isFlat && node.op === Where) {
      return this.#at("dead branch", "the other branch is taken, everywhere", by, path);
    }
    if (isFlat) return this.#at("flat", `its derivative is 0 here: ${this.#ranges(node)}`, by, path);
    return isZeroNearby()
      ? this.#at("cancels", `what it passes on adds up to 0, ${CONSTANT}`, by, path)
      : this.#at("stationary", "what it passes on adds up to 0 here, but not nearby", by, path);
  }

  /** Whether nothing that could come would be passed on: asked with a cotangent that hides nothing. */
  #isFlat(by: number, slot: number): boolean {
    const node = this.#tape.nodes[by]!;
    const wanted = node.parents.map((_, k) => k === slot);
    const yBar = cast(direction(node, 1, "explain"), node.dtype);
    const xBar = node.op!.vjp(pointOf(this.#tape.nodes, node), yBar, wanted)[slot] ?? null;
    return xBar === null || this.#isVanished(xBar, largest(yBar));
  }

  #cancelling(id: number, by: readonly number[], path: readonly string[], isZeroNearby: boolean): Reason {
    const ways = [...new Set(by.map((index) => this.#tape.nodes[index]!.op!.name))].join(" and ");
    const what = `what comes back through ${ways} adds up to 0`;
    return isZeroNearby
      ? this.#of("cancels", `${what}, ${CONSTANT}`, id, path)
      : this.#of("stationary", `${what} here, but not nearby`, id, path);
  }

  /** The largest cotangent on any way from the result to a leaf. */
  #sizeAbove(leaf: number): number {
    let size = 0;
    const stack = [leaf];
    const seen = new Set<number>();
    while (stack.length > 0) {
      for (const { by } of this.#uses.get(stack.pop()!) ?? []) {
        if (seen.has(by)) continue;
        seen.add(by);
        stack.push(by);
        const step = this.#steps.get(by);
        if (step === undefined) continue;
        size = Math.max(
          size,
          largest(step.yBar),
          ...step.xBar.map((bar) => (bar === null ? 0 : largest(bar))),
        );
      }
    }
    return size;
  }

  #isVanished(bar: Tensor, size: number): boolean {
    const rounding = bar.dtype === "float32" ? 2 ** -23 : Number.EPSILON;
    return largest(bar) <= 256 * rounding * size;
  }

  #ranges({ parents }: Node): string {
    return parents
      .map((p, slot) => {
        const { value } = this.#tape.nodes[p]!;
        const [low, high] = extremes(value);
        const name = this.#tape.nodes[p]!.name ?? `input ${slot}`;
        return low === high
          ? `${name} is ${roundedText(low, 3)}`
          : `${name} from ${roundedText(low, 3)} to ${roundedText(high, 3)}`;
      })
      .join(", ");
  }

  #name(id: number): string {
    return label(this.#tape.nodes[id]!, id);
  }

  #at(kind: ReasonKind, because: string, by: number, path: readonly string[]): Reason {
    return this.#of(kind, because, by, [...path, this.#name(by)]);
  }

  #of(kind: ReasonKind, because: string, id: number, path: readonly string[]): Reason {
    const { op, origin } = this.#tape.nodes[id]!;
    return {
      kind,
      because,
      op: op?.name ?? null,
      node: this.#name(id),
      origin: op === null ? null : origin,
      path,
    };
  }
}

const CONSTANT = "here and nearby: the result does not depend on it";

function reason(kind: ReasonKind, because: string, path: readonly string[]): Reason {
  return { kind, because, op: null, node: null, origin: null, path };
}

export function largest({ data }: Tensor): number {
  let size = 0;
  for (let i = 0; i < data.length; i++) size = Math.max(size, Math.abs(data[i]!));
  return size;
}

function extremes({ data }: Tensor): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    low = Math.min(low, data[i]!);
    high = Math.max(high, data[i]!);
  }
  return [low, high];
}
