import type { Primitive } from "../../graph/primitive.ts";
import type { BroadcastingRule, Two } from "./broadcasting.ts";
import { broadcasting } from "./broadcasting.ts";

/** Yes or no from two, element by element: no derivative is taken through it. */
export function comparing(
  name: string,
  formula: BroadcastingRule["formula"],
  symbol: string,
): Primitive<Two> {
  return broadcasting(name, {
    formula,
    partials: null,
    dtype: "bool",
    samples: (draw) => [
      { x: [draw.integers([3, 4], 2), draw.integers([4], 2)], params: undefined },
      { x: [draw.bools([3, 4]), draw.bools([3, 1])], params: undefined },
    ],
    latex: (a, b) => `\\left[${a} ${symbol} ${b}\\right]`,
  });
}
