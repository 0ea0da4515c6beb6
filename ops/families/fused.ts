import { ArgumentError, describe, RuleError } from "../../graph/errors.ts";
import { checkedRule } from "../../graph/options.ts";
import type { Differentials, Flags, Inputs, MaybeZero, Point, Primitive } from "../../graph/primitive.ts";
import { pullback } from "../../graph/pullback.ts";
import { pushforward } from "../../graph/pushforward.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { isDifferentiating, type Trace, trace } from "../../graph/trace.ts";
import { add } from "../add.ts";
import { complete } from "./primitive.ts";

/** A primitive whose meaning is a composition of others: the reference, which it has to agree with. */
export interface Fused<I extends Inputs, P = void> extends Primitive<I, P> {
  reference(x: I, params: P): Tensor;
}

/**
 * What a fused op does in one step: a kernel, and a closed form of its backward. It has no jvp of its own.
 *
 * The closed form need not look at what is wanted; what is not wanted is dropped.
 */
export type Shortcuts<I extends Inputs, P> = Omit<Fused<I, P>, "jvp" | "vjp" | "lowering" | "conventions"> & {
  closedForm(at: Point<I, P>, yBar: Tensor): Differentials<I>;
} & Partial<Pick<Fused<I, P>, "lowering" | "conventions">>;

/**
 * Register a fused op with its reference.
 *
 * The closed form serves first-order reverse mode only. Forward mode, and every order above the first, come from
 * the reference: a hand-derived backward that is right at first order can still be wrong when it is differentiated
 * (statistics that were saved as constants), and here it never is.
 *
 * @throws ArgumentError where the reference, or another part of the contract, is missing
 */
export function fused<I extends Inputs, P = void>(rule: Shortcuts<I, P>): Fused<I, P> {
  checkedRule("fused", rule?.name, rule, []);
  if (typeof rule.reference !== "function") {
    throw new ArgumentError(
      "fused",
      `${rule.name} to be registered with its reference`,
      describe(rule.reference),
      "give the composition of primitives that it replaces",
    );
  }
  checkedRule("fused", rule.name, rule, ["closedForm"]);
  const replay = ({ x, params }: Point<I, P>): Trace =>
    trace((...t) => [rule.reference(t as Inputs as I, params)], x, true);

  const { closedForm, ...rest } = rule;
  const op: Fused<I, P> = {
    ...rest,
    lowering: rule.lowering ?? { kind: "kernel" as const },
    conventions: rule.conventions ?? (() => []),
    jvp: (at: Point<I, P>, xDot: Differentials<I>): MaybeZero => pushforward(replay(at), xDot)[0]!,
    vjp(at: Point<I, P>, yBar: Tensor, wanted: Flags<I>): Differentials<I> {
      const xBar: readonly MaybeZero[] = isDifferentiating([...at.x, yBar])
        ? pullback(replay(at), [yBar], add)
        : closedForm.call(rule, at, yBar);
      if (!Array.isArray(xBar)) {
        throw new RuleError(`closedForm of ${rule.name}`, "cotangents in an array", describe(xBar));
      }
      return xBar.map((bar, k) => (wanted[k] ? bar : null)) as readonly MaybeZero[] as Differentials<I>;
    },
  };
  complete("fused", op);
  return op;
}
