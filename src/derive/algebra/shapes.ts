/** Axes of what is stretched to a common shape: they are counted from the end. */
import { type Shape, sameShape } from "../../../graph/index.ts";

/** Without the ones in front, which stretching puts there anyway. */
export function stripped(shape: Shape): Shape {
  const first = shape.findIndex((size) => size !== 1);
  return first < 0 ? [] : shape.slice(first);
}

/** Whether both stretch alike. */
export function isAlike(a: Shape, b: Shape): boolean {
  return sameShape(stripped(a), stripped(b));
}

/** The size along an axis that is counted from the end: 1 where there is none. */
export function sizeFromEnd(shape: Shape, axis: number): number {
  return shape[shape.length - axis] ?? 1;
}

/** Whether one is the other with axes of size one put in or taken out. */
export function isAlignment(from: Shape, to: Shape): boolean {
  const sizes = (shape: Shape): Shape => shape.filter((size) => size !== 1);
  return sameShape(sizes(from), sizes(to));
}

/** Where a part of `from` lies, once `from` has become `to` by an {@link isAlignment | alignment}. */
export function alignedTo(part: Shape, from: Shape, to: Shape): Shape {
  const targets = [...to.keys()].filter((axis) => to[axis] !== 1);
  const shape = to.map(() => 1);
  let next = 0;
  for (let axis = 0; axis < from.length; axis++) {
    if (from[axis] === 1) continue;
    const target = targets[next++]!;
    shape[target] = sizeFromEnd(part, from.length - axis);
  }
  return shape;
}
