import { bind, type Primitive, type Tensor } from "../../../graph/index.ts";
import { array } from "../../../ops/families/samples.ts";
import { div, formula as f, greater, less, logicalAnd, neg, scale, where } from "../../../ops/index.ts";
import { update } from "./formula.ts";

type GNorm = readonly [g: Tensor, norm: Tensor];

interface Most {
  readonly most: number;
}

/**
 * y = g where norm <= most, else most g / norm; g as well where the norm is not finite, and says nothing.
 *
 * g is divided first: what it gives is at most 1, where most / norm might be too small for a float64 to be exact.
 */
export const Shorten: Primitive<GNorm, Most> = update<GNorm, Most>("shorten", {
  arrays: 1,
  formula([g, norm]) {
    const most = f.parameter("most");
    const shorter = f.mul(f.div(g, norm), most);
    return f.select(f.lt(most, norm), f.select(f.lt(norm, Number.POSITIVE_INFINITY), shorter, g), g);
  },
  partials: [
    ([, norm], { most }) => where(isLonger(norm, most), div(most, norm), 1),
    ([g, norm], { most }) => where(isLonger(norm, most), neg(scale(div(g, norm), div(most, norm))), 0),
  ],
  params: { most: 1 },
  domains: [
    [-2, 2],
    [2, 3],
  ],
  samples: (draw) => [{ x: [draw.uniform([3], -2, 2), draw.uniform([], 0.2, 0.8)], params: { most: 1 } }],
  conventions: [
    {
      x: [array([1]), array([1], [])],
      params: { most: 1 },
      xBar: [array([1]), array([0], [])],
      because: "at the bound itself nothing is shortened yet",
    },
  ],
  text: ([g, norm], { most }) => `shorten(${g}, ${norm}, ${most})`,
  latex: ([g, norm], { most }) => `\\min\\left(1, \\frac{${most}}{${norm}}\\right) ${g}`,
});

function isLonger(norm: Tensor, most: number): Tensor {
  return logicalAnd(greater(norm, most), less(norm, Number.POSITIVE_INFINITY));
}

export function shorten(g: Tensor, norm: Tensor, params: Most): Tensor {
  return bind(Shorten, [g, norm], params);
}
