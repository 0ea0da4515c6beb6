import { bind, type Primitive, type Tensor } from "../../../graph/index.ts";
import { array } from "../../../ops/families/samples.ts";
import {
  add,
  div,
  formula as f,
  mul,
  neg,
  reciprocal,
  scale,
  sqrt,
  square,
  type Two,
} from "../../../ops/index.ts";
import { update } from "./formula.ts";

type Six = readonly [w: Tensor, m: Tensor, v: Tensor, rest: Tensor, rate: Tensor, correction: Tensor];

interface Eps {
  readonly eps: number;
}

/**
 * y = rest w - rate m / (√(v / correction) + eps): a step of a size of its own for every element.
 *
 * rest is 1 unless the parameters decay by themselves; v / correction is v without the bias of having begun at 0.
 */
export const DescendScaled: Primitive<Six, Eps> = update<Six, Eps>("descendScaled", {
  arrays: 3,
  formula([w, m, v, rest, rate, correction]) {
    // 1 / correction is the same for all elements, and is taken out of the loop.
    const sigma = f.add(f.sqrt(f.mul(v, f.div(1, correction))), f.parameter("eps"));
    return f.sub(f.mul(rest, w), f.div(f.mul(rate, m), sigma));
  },
  partials: [
    ([, , , rest]) => rest,
    (at, params) => neg(div(at[4], sigmaOf(at, params)[1])),
    // √v has an infinite slope at 0. Where m is 0 too, as it is for a parameter that never had a gradient, v makes no
    // difference: the product is 0, as `scale` has it.
    (at, params) => {
      const [root, sigma] = sigmaOf(at, params);
      return scale(scale(at[1], at[4]), reciprocal(mul(mul(2, at[5]), mul(root, square(sigma)))));
    },
    ([w]) => w,
    (at, params) => neg(div(at[1], sigmaOf(at, params)[1])),
    (at, params) => {
      const [root, sigma] = sigmaOf(at, params);
      return neg(scale(scale(at[1], at[4]), div(root, mul(mul(2, at[5]), square(sigma)))));
    },
  ],
  params: { eps: 0.1 },
  domains: [
    [-2, 2],
    [-2, 2],
    [0.5, 2],
    [0.5, 1],
    [0.1, 1],
    [0.3, 1],
  ],
  conventions: [
    {
      x: [array([1]), array([1]), array([0]), array([1], []), array([0.5], []), array([1], [])],
      params: { eps: 0.5 },
      xBar: [
        array([1]),
        array([-1]),
        array([Number.POSITIVE_INFINITY]),
        array([1], []),
        array([-2], []),
        array([0], []),
      ],
      because: "the root's slope from the right grows without bound",
    },
    {
      x: [array([1]), array([0]), array([0]), array([1], []), array([0.5], []), array([1], [])],
      params: { eps: 0.5 },
      xBar: [array([1]), array([-1]), array([0]), array([1], []), array([0], []), array([0], [])],
      because: "without m there is no step, whatever v is",
    },
  ],
  text: ([w, m, v, rest, rate, correction], { eps }) =>
    `descendScaled(${w}, ${m}, ${v}, ${rest}, ${rate}, ${correction}, ${eps})`,
  latex: ([w, m, v, rest, rate, correction], { eps }) =>
    `${rest} \\, ${w} - ${rate} \\, \\frac{${m}}{\\sqrt{${v} / ${correction}} + ${eps}}`,
});

/** √(v / correction), and eps more. */
function sigmaOf([, , v, , , correction]: Six, { eps }: Eps): Two {
  const root = sqrt(div(v, correction));
  return [root, add(root, eps)];
}

/** What is the same for all parameters in one step. */
export interface Scaling {
  readonly rest: Tensor;
  readonly rate: Tensor;
  readonly correction: Tensor;
}

export function descendScaled(w: Tensor, m: Tensor, v: Tensor, by: Scaling, params: Eps): Tensor {
  return bind(DescendScaled, [w, m, v, by.rest, by.rate, by.correction], params);
}
