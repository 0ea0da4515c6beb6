import { bind, type Primitive, type Tensor } from "../../../graph/index.ts";
import { formula as f, neg } from "../../../ops/index.ts";
import { update } from "./formula.ts";

type WVGRate = readonly [w: Tensor, v: Tensor, g: Tensor, rate: Tensor];

interface Decay {
  readonly decay: number;
}

/** y = w + decay v - rate g: where the velocity v will have led by one step more. */
export const DescendAhead: Primitive<WVGRate, Decay> = update<WVGRate, Decay>("descendAhead", {
  arrays: 3,
  formula: ([w, v, g, rate]) => f.add(w, f.sub(f.mul(f.parameter("decay"), v), f.mul(rate, g))),
  partials: [() => 1, (_, { decay }) => decay, ([, , , rate]) => neg(rate), ([, , g]) => neg(g)],
  params: { decay: 0.9 },
  domains: [
    [-2, 2],
    [-2, 2],
    [-2, 2],
    [0.1, 1],
  ],
  text: ([w, v, g, rate], { decay }) => `descendAhead(${w}, ${v}, ${g}, ${rate}, ${decay})`,
  latex: ([w, v, g, rate], { decay }) => `${w} + ${decay} \\, ${v} - ${rate} \\, ${g}`,
});

export function descendAhead(w: Tensor, v: Tensor, g: Tensor, rate: Tensor, params: Decay): Tensor {
  return bind(DescendAhead, [w, v, g, rate], params);
}
