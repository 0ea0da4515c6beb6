import { bind } from "./bind.ts";
import { ArgumentError, describe } from "./errors.ts";
import type { AnyPrimitive, Inputs, Primitive } from "./primitive.ts";
import { Tensor } from "./tensor.ts";

/**
 * Apply a primitive: what `bind` is for callers outside. It looks at op and inputs first; the built-in ops, whose
 * functions have done that already, call {@link bind} itself.
 *
 * @param op a primitive
 * @param x its inputs: tensors, as `asTensor` makes them of numbers
 * @param params its parameters, as its own function would hand them on
 * @throws ArgumentError for what is no primitive, or no array of tensors; and whatever the op's own rules throw
 */
export function bindChecked<I extends Inputs, P>(op: Primitive<I, P>, x: I, params: P): Tensor {
  assertPrimitive("bind", op);
  if (!Array.isArray(x)) throw new ArgumentError("bind", `the inputs of ${op.name} in an array`, describe(x));
  for (const t of x) {
    if (t instanceof Tensor) continue;
    throw new ArgumentError("bind", `inputs of ${op.name} that are tensors`, describe(t), "use asTensor");
  }
  return bind(op, x, params);
}

/** @throws ArgumentError for anything but a primitive */
export function assertPrimitive(where: string, op: Pick<AnyPrimitive, "name" | "lowering">): void {
  const given: Partial<AnyPrimitive> | null | undefined = op;
  if (typeof given?.kernel === "function" && typeof given.vjp === "function") return;
  const remedy = given === undefined ? "is it imported from a module that is still being loaded?" : "";
  throw new ArgumentError(where, "a primitive", describe(op), remedy);
}
