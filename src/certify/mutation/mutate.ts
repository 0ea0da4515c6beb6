import {
  ArgumentError,
  type Differentials,
  describe,
  type Flags,
  type Inputs,
  isDifferentiating,
  type MaybeZero,
  type Point,
  type Rewrite,
  replay,
  rewrite,
  type Tensor,
} from "../../../graph/index.ts";
import { checkedOptions } from "../../../graph/options.ts";
import type { Fused } from "../../../ops/index.ts";
import { KINDS } from "./kinds.ts";
import { cotangentLike, type MutationOptions, pointsOf } from "./points.ts";
import { off, plain, type Rule, ruleAt, sameSteps } from "./rule.ts";
import { settled } from "./settled.ts";

/** An error planted in an op's backward. */
export interface Mutation {
  readonly kind: string;
  /** Which of the places where this kind of error can be made, in the rule's order: the same at every shape. */
  readonly node: number;
  /** What the backward does, for somebody who wrote it. */
  readonly sentence: string;
}

/** An op with one error in its backward, and how the error was made, as a rewrite of the rule's program. */
export interface Mutant<I extends Inputs, P> extends Mutation {
  readonly op: Fused<I, P>;
  readonly rewrite: Rewrite;
}

/**
 * The op with one error at a time in its registered backward, found from the backward's own steps: a term dropped,
 * a sign changed, N - 1 for N, the gradients of two inputs exchanged, ...
 *
 * Where the backward is something else while it is being differentiated (of an op made by `fused`: its reference),
 * the error is not made.
 *
 * @param options where to look at the backward; at the op's samples unless inputs are given
 * @throws ArgumentError for what is no op with a reference
 */
export function mutate<I extends Inputs, P>(
  op: Fused<I, P>,
  options: MutationOptions<I, P> = {},
): readonly Mutant<I, P>[] {
  assertFused("mutate", op);
  checkedOptions("mutate", options, ["params", "inputs", "seed"]);
  const found = new Map<string, Mutant<I, P>>();
  for (const at of pointsOf("mutate", op, options)) {
    const rule = ruleAt(op, at, cotangentLike(at.y, options.seed));
    KINDS.forEach((kind, k) => {
      kind.places(rule).forEach((_, node) => {
        const key = `${k} ${node}`;
        const made = found.has(key) ? null : planted(rule, k, node, namesOf(at.x));
        if (made === null) return;
        found.set(key, { kind: kind.name, node, ...made, op: mutantOf(op, k, node, made.sentence) });
      });
    });
  }
  return [...found.entries()].sort(([a], [b]) => order(a, b)).map(([, mutant]) => mutant);
}

function order(a: string, b: string): number {
  const [k, node] = a.split(" ").map(Number);
  const [l, other] = b.split(" ").map(Number);
  return k! - l! || node! - other!;
}

/** @throws ArgumentError naming the caller */
export function assertFused(caller: string, op: unknown): void {
  const given = op as Partial<Fused<Inputs, unknown>> | null | undefined;
  if (typeof given?.vjp === "function" && typeof given.reference === "function") return;
  throw new ArgumentError(caller, "an op with a reference", describe(op), "register it with fused({ ... })");
}

function mutantOf<I extends Inputs, P>(
  op: Fused<I, P>,
  kind: number,
  node: number,
  sentence: string,
): Fused<I, P> {
  return {
    ...op,
    name: `${op.name}, whose backward ${sentence}`,
    vjp(at: Point<I, P>, yBar: Tensor, wanted: Flags<I>): Differentials<I> {
      const rule = ruleAt(op, at, yBar);
      const made = isOther(op, at, yBar, rule) ? null : planted(rule, kind, node, namesOf(at.x));
      if (made === null) return op.vjp(at, yBar, wanted);
      const bars = replay(made.rewrite.after, [...at.x, at.y, yBar]);
      return at.x.map((_, k): MaybeZero => {
        const slot = rule.slots[k] ?? null;
        return wanted[k] && slot !== null ? bars[slot]! : null;
      }) as readonly MaybeZero[] as Differentials<I>;
    },
  };
}

/** Whether, because it is being differentiated, the rule is not the one that is mutated. */
export function isOther<I extends Inputs, P>(
  op: Fused<I, P>,
  at: Point<I, P>,
  yBar: Tensor,
  rule: Rule,
): boolean {
  return isDifferentiating([...at.x, yBar]) && !sameSteps(rule, ruleAt(op, plain(at), off(yBar)));
}

/** The rule with one error in it; null where there is no such place, or where the shapes would not fit any more. */
function planted(
  rule: Rule,
  k: number,
  node: number,
  names: readonly string[],
): Pick<Mutant<Inputs, unknown>, "sentence" | "rewrite"> | null {
  const kind = KINDS[k]!;
  const place = kind.places(rule)[node];
  const change = place === undefined ? null : kind.at(rule, place, names);
  if (change === null) return null;
  const made = settled(rewrite(rule.program, change.recipe));
  return made === null ? null : { sentence: change.sentence, rewrite: made };
}

/** What the rule's inputs are called in its sentences: its own, y, ȳ. */
export function namesOf(x: Inputs): readonly string[] {
  const own = x.map((t, k) => t.name ?? (x.length === 1 ? "x" : `x${k + 1}`));
  return [...own, "y", "yBar"];
}
