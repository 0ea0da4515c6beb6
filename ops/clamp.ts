import { bind } from "../graph/bind.ts";
import { ArgumentError, describe } from "../graph/errors.ts";
import { checkedOptions } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { elementwise, type One } from "./families/elementwise.ts";
import { zerosLike } from "./families/samples.ts";
import * as s from "./kernels/scalar.ts";
import { mul } from "./mul.ts";
import { sign } from "./sign.ts";
import { sub } from "./sub.ts";

/** -Infinity and Infinity are no bounds. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const UNBOUNDED: Bounds = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
const SAMPLED: Bounds = { min: -1, max: 1.5 };

/** y = x where min < x < max, else the bound that it has passed,  dy/dx = 1 between them, 0 from each on */
export const Clamp: Primitive<One, Bounds> = elementwise<Bounds>("clamp", {
  formula(x) {
    const min = s.parameter("min");
    const max = s.parameter("max");
    return s.select(s.lt(x, min), min, s.select(s.lt(max, x), max, x));
  },
  derivative({ y, params: { min, max } }) {
    const above = min === UNBOUNDED.min ? 1 : sign(sub(y, min));
    return max === UNBOUNDED.max ? above : mul(above, sign(sub(max, y)));
  },
  dtype: ({ min, max }) => (isInteger(min) && isInteger(max) ? "same" : "real"),
  check(_, { min, max }) {
    if (min <= max) return;
    throw new ArgumentError("clamp", "numbers min <= max", `min ${describe(min)}, max ${describe(max)}`);
  },
  params: SAMPLED,
  domain: [-0.7, 1.3],
  samples: (draw) => [
    { x: [draw.uniform([2, 3], -3, -1.5)], params: SAMPLED },
    { x: [draw.uniform([2, 3], 2, 3)], params: SAMPLED },
    { x: [draw.uniform([3], 0.5, 2)], params: { ...UNBOUNDED, min: 0 } },
    { x: [draw.uniform([3], 0.5, 2)], params: { ...UNBOUNDED, max: 0 } },
    { x: [draw.integers([5], 5)], params: { min: 1, max: 3 } },
  ],
  rejects: () => [
    { x: [zerosLike([2])], params: { min: 1, max: 0 }, error: ArgumentError },
    { x: [zerosLike([2])], params: { min: Number.NaN, max: 0 }, error: ArgumentError },
  ],
  kinks: [
    { x: -1, derivative: 0, because: "of all slopes from 0 to 1, the smallest" },
    { x: 1.5, derivative: 0, because: "of all slopes from 0 to 1, the smallest" },
  ],
  text: (x, { min, max }) => `clamp(${x}, [${min}, ${max}])`,
  latex: (x, { min, max }) =>
    `\\operatorname{clamp}_{\\left[${bound(min)}, ${bound(max)}\\right]}\\left(${x}\\right)`,
});

/** Whether clamping an int32 to it gives an int32. */
function isInteger(bound: number): boolean {
  return (bound | 0) === bound || Math.abs(bound) === Number.POSITIVE_INFINITY;
}

function bound(value: number): string {
  return String(value).replace("Infinity", "\\infty");
}

/**
 * x, but never less than `min` nor more than `max`, element by element; NaN stays NaN. int32 stays int32 if the bounds
 * are integers.
 *
 * Its derivative is 1 between the bounds, and 0 outside and at a bound itself. (Those of maximum and minimum, which
 * take tensors as bounds, are 1/2 there.)
 *
 * @throws ArgumentError unless min and max are numbers, at least one is given, and min <= max
 */
export function clamp(x: TensorLike, bounds: Partial<Bounds>): Tensor {
  const t = asTensor("clamp", x);
  const { min, max } = checkedOptions("clamp", bounds, ["min", "max"]);
  if (min === undefined && max === undefined) {
    throw new ArgumentError("clamp", "numbers { min, max }, or one of them", "neither");
  }
  return bind(Clamp, [t], {
    min: checkedBound("min", min, UNBOUNDED.min),
    max: checkedBound("max", max, UNBOUNDED.max),
  });
}

function checkedBound(which: "min" | "max", bound: number | undefined, otherwise: number): number {
  if (bound === undefined) return otherwise;
  if (typeof bound !== "number") {
    const remedy = `${which === "min" ? "maximum" : "minimum"}(x, bound) takes a tensor`;
    throw new ArgumentError("clamp", `a number for ${which}`, describe(bound), remedy);
  }
  return bound;
}
