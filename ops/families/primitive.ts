import { ArgumentError, describe } from "../../graph/errors.ts";
import { checkedRule } from "../../graph/options.ts";
import type { Inputs, Primitive } from "../../graph/primitive.ts";

const RULES = [
  "shape",
  "dtype",
  "kernel",
  "jvp",
  "vjp",
  "samples",
  "rejects",
  "conventions",
  "text",
  "latex",
] as const;

/**
 * An op of your own. Apply it with `bind(op, [x, ...], params)`; everything that holds of the built-in ops holds of
 * it: it is recorded, printed, differentiated in both modes and to any order, and certified.
 *
 * Nothing may be left out, so that nothing has to be guessed. Where an op fits a family (elementwise, broadcasting,
 * linear), the family asks for less.
 *
 * @throws ArgumentError where a part of the contract is missing (TypeScript says so first)
 */
export function primitive<I extends Inputs, P = void>(rule: Primitive<I, P>): Primitive<I, P> {
  return complete("primitive", rule);
}

/** As {@link primitive}, for whoever has another name. */
export function complete<I extends Inputs, P>(op: string, rule: Primitive<I, P>): Primitive<I, P> {
  checkedRule(op, rule?.name, rule, RULES);
  if (typeof rule.lowering?.kind !== "string") {
    throw new ArgumentError(
      op,
      `${rule.name} to have a lowering`,
      describe(rule.lowering),
      'use { kind: "kernel" } if a compiler is to call its kernel',
    );
  }
  return Object.freeze(rule);
}
