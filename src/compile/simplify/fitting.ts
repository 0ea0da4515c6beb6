/** Shapes of what rules put together. */
import { type Shape, sameShape, sizeOf } from "../../../graph/index.ts";
import { BroadcastTo, Reshape } from "../../../ops/index.ts";
import type { Replacement, Site } from "./rule.ts";
import { specOf } from "./spec.ts";

/** Stretched to this shape, or with other ones among its sizes. */
export function between(at: Site, part: Replacement, shape: Shape): Replacement {
  const own = specOf(at.of, part).shape;
  if (sameShape(own, shape)) return part;
  if (sizeOf(own) === sizeOf(shape)) return moved(Reshape, part, shape);
  // A shape with ones in front may have more axes than what it is stretched to.
  const x = own.length > shape.length ? moved(Reshape, part, core(own)) : part;
  return moved(BroadcastTo, x, shape);
}

function moved(op: typeof Reshape | typeof BroadcastTo, part: Replacement, shape: Shape): Replacement {
  return { op, params: { shape: Object.freeze([...shape]) }, parents: [part] };
}

/** From the first size that is not 1: what decides how it stretches. */
export function core(shape: Shape): Shape {
  const first = shape.findIndex((d) => d !== 1);
  return first < 0 ? [] : shape.slice(first);
}

/** With just as many ones in front as make that rank. */
export function ofRank(shape: Shape, rank: number): Shape {
  const sizes = core(shape);
  return [...new Array<number>(Math.max(0, rank - sizes.length)).fill(1), ...sizes];
}
