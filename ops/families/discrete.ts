import type { Primitive } from "../../graph/primitive.ts";
import type { One } from "./elementwise.ts";

type DiscreteRule<P> = Pick<
  Primitive<One, P>,
  "shape" | "dtype" | "kernel" | "samples" | "rejects" | "text" | "latex"
>;

/** y jumps from one int32 or bool to another: no derivative is taken through it, so none arrives at x. */
export function discrete<P>(name: string, rule: DiscreteRule<P>): Primitive<One, P> {
  return Object.freeze({
    ...rule,
    name,
    jvp: () => null,
    vjp: () => [null],
    conventions: () => [],
    lowering: { kind: "kernel" },
  } satisfies Primitive<One, P>);
}
