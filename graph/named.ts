import { seen } from "./bind.ts";
import { ArgumentError, describe } from "./errors.ts";
import { Tensor } from "./tensor.ts";

/**
 * The same tensor under a name that printing uses; its node is named too, on every tape that it stands on.
 *
 * @throws ArgumentError unless x is a tensor and the name a non-empty string.
 */
export function named(x: Tensor, name: string): Tensor {
  if (!(x instanceof Tensor)) throw new ArgumentError("named", "a tensor", describe(x));
  if (typeof name !== "string" || name === "")
    throw new ArgumentError("named", "a non-empty name", describe(name));
  const t = seen(x);
  if (t.place === null) return new Tensor(t.shape, t.dtype, t.storage, null, name);
  const { tape, index } = t.place;
  const primal = named(t.place.primal, name);
  tape.nodes[index] = { ...tape.nodes[index]!, value: primal, name };
  return new Tensor(t.shape, t.dtype, t.storage, { tape, index, primal }, name);
}
