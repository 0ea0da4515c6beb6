/**
 * Which formulas of float32 numbers may be computed in float32.
 *
 * The loops in JavaScript compute in float64 and round what they store. Where nothing but the last step rounds, as in
 * `a / b` or `max(x, 0)`, four float32 lanes give the same; where more does, as in `1 / (1 + x)`, they would not.
 */
import type { DType } from "../../../../graph/dtype.ts";
import type { Scalar } from "../../../../graph/lowering.ts";
import { EQ, SELECT } from "../../scalar.ts";
import { exactnessOf } from "../math/exact.ts";

/**
 * A number as float32 arithmetic has it: the same as in float64 ("same"); what that is, rounded ("rounded"); or
 * neither.
 */
type Likeness = "same" | "rounded" | null;

/** Whether the formula's result, formed in float32, is the one formed in float64 and then rounded. */
export function isSameInFloat32(formula: Scalar, inputs: readonly DType[]): boolean {
  const known = new Map<Scalar, Likeness>();
  const visit = (e: Scalar): Likeness => {
    let likeness = known.get(e);
    if (likeness === undefined) {
      likeness = likenessOf(e, inputs, visit);
      known.set(e, likeness);
    }
    return likeness;
  };
  return visit(formula) !== null;
}

function likenessOf(e: Scalar, inputs: readonly DType[], visit: (e: Scalar) => Likeness): Likeness {
  if (e.kind === "constant") return Object.is(Math.fround(e.value), e.value) ? "same" : null;
  if (e.kind === "input") return inputs[e.index] === "float32" || inputs[e.index] === "bool" ? "same" : null;
  // Known only when it is called.
  if (e.kind === "parameter") return null;
  const args = e.args.map(visit);
  if (args.includes(null)) return null;
  const areSame = args.every((arg) => arg === "same");
  const exactness = exactnessOf(e.fn);
  if (exactness === "choice") {
    if (e.fn === SELECT && args[0] !== "same") return null;
    return areSame ? "same" : "rounded";
  }
  // Rounding makes no NaN, and takes none away.
  if (e.fn === EQ && e.args[0] === e.args[1]) return "same";
  if (!areSame) return null;
  return exactness === "rounded" ? "rounded" : "same";
}
