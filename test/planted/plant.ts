import type { AnyPrimitive, Inputs, Primitive } from "../../graph/primitive.ts";
import { fromData, type Tensor } from "../../graph/tensor.ts";
import type { LawName } from "../laws.ts";

/** An op with one thing changed, and the laws that object to it: those, and no others. */
export interface Plant {
  readonly what: string;
  readonly op: AnyPrimitive;
  readonly objecting: readonly LawName[];
}

export function plant<I extends Inputs, P>(
  what: string,
  op: Primitive<I, P>,
  change: Partial<Primitive<I, P>>,
  objecting: readonly LawName[],
): Plant {
  return { what: `${op.name}: ${what}`, op: Object.freeze({ ...op, ...change }), objecting };
}

/** The same numbers, cut off from the tape: what "saved as a constant" does to a rule. */
export function detached(t: Tensor): Tensor {
  return fromData(t.shape, t.dtype, t.data.slice());
}
