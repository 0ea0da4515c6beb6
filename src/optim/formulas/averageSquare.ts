import { bind, type Primitive, type Tensor } from "../../../graph/index.ts";
import { formula as f, scale } from "../../../ops/index.ts";
import { update } from "./formula.ts";

type OldNew = readonly [v: Tensor, g: Tensor];

interface Decay {
  readonly decay: number;
}

/** y = decay v + (1 - decay) g²: an average of squares that forgets. */
export const AverageSquare: Primitive<OldNew, Decay> = update<OldNew, Decay>("averageSquare", {
  arrays: 2,
  formula([v, g]) {
    const decay = f.parameter("decay");
    return f.add(f.mul(decay, v), f.mul(f.sub(1, decay), f.mul(g, g)));
  },
  partials: [(_, { decay }) => decay, ([, g], { decay }) => scale(g, 2 * (1 - decay))],
  params: { decay: 0.9 },
  domains: [
    [0.5, 2],
    [-2, 2],
  ],
  text: ([v, g], { decay }) => `averageSquare(${v}, ${g}, ${decay})`,
  latex: ([v, g], { decay }) => `${decay} \\, ${v} + (1 - ${decay}) \\, {${g}}^2`,
});

export function averageSquare(v: Tensor, g: Tensor, params: Decay): Tensor {
  return bind(AverageSquare, [v, g], params);
}
