import { isFloat } from "../../graph/dtype.ts";
import { WengertError } from "../../graph/errors.ts";
import type { AnyPrimitive } from "../../graph/primitive.ts";
import { drawing } from "../draw.ts";
import { applied, hasDerivative, owned } from "./application.ts";

/**
 * A law that is never put to the test proves nothing: an op that gives floats for floats has a sample at which it is
 * differentiated, or says in its conventions why not.
 */
export function coverageLaw(op: AnyPrimitive, seed: number): string | null {
  const samples = op.samples(drawing(seed, op.name));
  if (samples.every(({ x }) => x.every(({ data }) => data.length === 0))) return "no sample holds a number";
  const isDifferentiated = samples.some((sample) => {
    const at = applied(op, sample);
    return hasDerivative(at) && at.y.size > 0;
  });
  if (isDifferentiated || op.conventions().length > 0) return null;
  const evader = samples.find(({ x, params }) => {
    const floats = x.map((t) => owned(t, "float64"));
    try {
      return isFloat(op.dtype(floats, params));
    } catch (refusal) {
      if (refusal instanceof WengertError) return false;
      throw refusal;
    }
  });
  return evader === undefined ? null : "it takes floats and gives floats, but is never sampled on any";
}
