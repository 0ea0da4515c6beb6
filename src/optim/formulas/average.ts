import { bind, type Primitive, type Tensor } from "../../../graph/index.ts";
import { formula as f } from "../../../ops/index.ts";
import { update } from "./formula.ts";

type OldNew = readonly [m: Tensor, g: Tensor];

interface Decay {
  readonly decay: number;
}

/** y = decay m + (1 - decay) g: an average that forgets. */
export const Average: Primitive<OldNew, Decay> = update<OldNew, Decay>("average", {
  arrays: 2,
  formula([m, g]) {
    const decay = f.parameter("decay");
    return f.add(f.mul(decay, m), f.mul(f.sub(1, decay), g));
  },
  partials: [(_, { decay }) => decay, (_, { decay }) => 1 - decay],
  params: { decay: 0.9 },
  domains: [
    [-2, 2],
    [-2, 2],
  ],
  text: ([m, g], { decay }) => `average(${m}, ${g}, ${decay})`,
  latex: ([m, g], { decay }) => `${decay} \\, ${m} + (1 - ${decay}) \\, ${g}`,
});

export function average(m: Tensor, g: Tensor, params: Decay): Tensor {
  return bind(Average, [m, g], params);
}
