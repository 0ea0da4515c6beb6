import { bind, type Primitive, type Tensor } from "../../../graph/index.ts";
import { formula as f, neg } from "../../../ops/index.ts";
import { update } from "./formula.ts";

type XGRate = readonly [x: Tensor, g: Tensor, rate: Tensor];

interface Decay {
  readonly decay: number;
}

/** y = decay x - rate g: a step down the gradient, from a parameter or from a velocity that fades. */
export const Descend: Primitive<XGRate, Decay> = update<XGRate, Decay>("descend", {
  arrays: 2,
  formula: ([x, g, rate]) => f.sub(f.mul(f.parameter("decay"), x), f.mul(rate, g)),
  partials: [(_, { decay }) => decay, ([, , rate]) => neg(rate), ([, g]) => neg(g)],
  params: { decay: 0.9 },
  domains: [
    [-2, 2],
    [-2, 2],
    [0.1, 1],
  ],
  text: ([x, g, rate], { decay }) => `descend(${x}, ${g}, ${rate}, ${decay})`,
  latex: ([x, g, rate], { decay }) => `${decay === 1 ? "" : `${decay} \\, `}${x} - ${rate} \\, ${g}`,
});

export function descend(x: Tensor, g: Tensor, rate: Tensor, params: Decay): Tensor {
  return bind(Descend, [x, g, rate], params);
}
