import type { Tensor } from "../../../graph/index.ts";
import { vjp } from "../../transforms/derivatives.ts";
import type { CheckRow } from "../result.ts";
import { centralDifferences, relError } from "./differences.ts";
import { type Matrix, matrixOf } from "./numpy/matrix.ts";
import { type Band, figure } from "./row.ts";

/** The errors of a normalization's gradients, as printed. */
export type NormErrors = Readonly<Record<"dx" | "dgamma" | "dbeta", string>>;

/** A layer of three inputs: the library's, and the course's forward pass. */
export interface ThreeInputs {
  readonly layer: (x: Tensor, second: Tensor, third: Tensor) => Tensor;
  readonly course: (x: Matrix, second: Matrix, third: Matrix) => Matrix;
  readonly inputs: readonly [x: Tensor, second: Tensor, third: Tensor];
  readonly yBar: Tensor;
}

/**
 * The errors of the tape's gradients, by differences of the course's forward pass.
 *
 * @param published one error for each input, in order
 * @param bands where a figure is rounding noise
 */
export function backwardRows<Name extends string>(
  section: string,
  { layer, course, inputs, yBar }: ThreeInputs,
  published: Readonly<Record<Name, string>>,
  bands: Readonly<Partial<Record<string, Band>>> = {},
): CheckRow[] {
  const bars = vjp(layer, ...inputs)[1](yBar);
  const [x, second, third] = inputs;
  const at = [matrixOf(x), matrixOf(second), matrixOf(third)] as const;
  return (Object.keys(published) as Name[]).map((name, which) => {
    const f = (data: Float64Array): Float64Array => {
      const [a, b, c] = at;
      const moved = (t: Matrix): Matrix => (t === at[which] ? { ...t, data } : t);
      return course(moved(a), moved(b), moved(c)).data;
    };
    return figure(section, {
      what: `${name} error`,
      published: published[name],
      value: relError(centralDifferences(inputs[which]!, f, yBar), bars[which]!),
      band: bands[name],
    });
  });
}
