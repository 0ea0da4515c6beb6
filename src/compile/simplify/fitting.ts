/** Shapes of what rules put together. */
import { type Shape, sameShape, sizeOf } from "../../../graph/index.ts";
import { BroadcastTo, Reshape } from "../../../ops/index.ts";
import type { Replacement, Site } from "./rule.ts";
import { specOf } from "./spec.ts";

/** Stretched to this shape, or with other ones among its sizes. */
export function between(at: Site, part: Replacement, shape: Shape): Replacement {
  const own = specOf(at.of, part).shape;
  if (sameShape(own, shape)) return part;
  const op = sizeOf(own) === sizeOf(shape) ? Reshape : BroadcastTo;
  return { op, params: { shape: Object.freeze([...shape]) }, parents: [part] };
}

/** With as many ones in front as that rank wants. */
export function padded(shape: Shape, rank: number): Shape {
  return [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}
