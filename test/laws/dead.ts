/** What a differential of zero hides makes no difference, element by element. */
import { isFloat } from "../../graph/dtype.ts";
import type { AnyPrimitive, Inputs, MaybeZero } from "../../graph/primitive.ts";
import { sizeOf } from "../../graph/shape.ts";
import { fromData, type NdArray, type Spec, type Tensor } from "../../graph/tensor.ts";
import { jvp, vjp } from "../../src/transforms/derivatives.ts";
import { directions } from "../draw.ts";
import { type AnySample, type Application, applied, hasDerivative } from "./application.ts";
import { first, firstDifference } from "./numbers.ts";
import { offsetAt, placeOf } from "./scalarByScalar.ts";

const POISON = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1];

/**
 * Of ops that take one number at a time: put something wild where no cotangent comes from and no tangent goes in, and
 * every derivative is what it was. Otherwise a branch that was not taken turns a gradient into NaN.
 */
export function deadElementsLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  if (op.lowering.kind !== "map") return null;
  const at = applied(op, sample);
  if (!hasDerivative(at)) return null;
  const direction = directions(seed, op.name, "dead elements");
  return first(sample.x, ({ shape, dtype, data }, k) => {
    if (!isFloat(dtype) || data.length === 0) return null;
    const dead = Math.floor(data.length / 2);
    const yBar = without(direction(at.y), readers(shape, at.y, dead));
    const alive = at.places.map((place) =>
      place === k ? without(direction(at.x[place]!), (i) => i === dead) : null,
    );
    const expected = derivatives(at, yBar, alive);
    return first(POISON, (value) => {
      const x = sample.x.map((t, j) => (j === k ? poisoned(t, dead, value) : t));
      const actual = derivatives(applied(op, { ...sample, x }), yBar, alive);
      return first(Object.entries(actual), ([which, results]) => {
        const found = first(results, (t, j) => firstDifference(t, expected[which]![j]!, 1e-12));
        return found === null ? null : `${which} sees ${value} at ${dead} of input ${k}: ${found}`;
      });
    });
  });
}

function derivatives(
  { f, floats }: Application,
  yBar: Tensor,
  xDot: readonly MaybeZero[],
): Readonly<Record<string, Inputs>> {
  const back = (...x: Inputs): Inputs => vjp<Inputs, Inputs>(f, ...x)[1]([yBar]);
  return {
    vjp: back(...floats),
    jvp: jvp<Inputs, Inputs>(f, floats, xDot)[1],
    "jvp of vjp": jvp<Inputs, Inputs>(back, floats, xDot)[1],
  };
}

/** Which elements of y read this element of an input of that shape. */
function readers(shape: Spec["shape"], y: Spec, element: number): (i: number) => boolean {
  return (i) => sizeOf(shape) > 0 && offsetAt(shape, placeOf(i, y.shape)) === element;
}

function without(t: Tensor, isDead: (i: number) => boolean): Tensor {
  const data = t.data.slice().map((v, i) => (isDead(i) ? 0 : v));
  return fromData(t.shape, t.dtype, data);
}

function poisoned({ shape, dtype, data }: NdArray, element: number, value: number): NdArray {
  const copy = data.slice();
  copy[element] = value;
  return { shape, dtype, data: copy };
}
