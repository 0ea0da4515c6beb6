/** Where, on the domain of a walk, the elements of an array are looked up. */
import { type AxisWalk, type Shape, stridesOf } from "../../../graph/index.ts";
import type { Access, Buffer } from "../../../ops/kernels/wasm/sweep/sweep.ts";

/** One walk for each axis of the array; what they go by are axes of the domain. */
export type Place = readonly AxisWalk[];

const STILL: AxisWalk = { axis: null, start: 0, step: 0 };

/** Element by element, as the domain itself. */
export function identity(shape: Shape): Place {
  return shape.map((_, axis) => ({ axis, start: 0, step: 1 }));
}

/** Element by element, for a shape that differs from the domain's in axes of size one. */
export function onDomain(shape: Shape, domain: Shape): Place {
  const axes = [...domain.keys()].filter((k) => domain[k] !== 1);
  let next = 0;
  return shape.map((d) => (d === 1 ? STILL : { axis: axes[next++]!, start: 0, step: 1 }));
}

/** The place of an input that stretches to its op's output, where the output's is this. */
export function broadcast(place: Place, x: Shape, y: Shape): Place {
  const lead = y.length - x.length;
  return x.map((d, k) => (d === 1 ? STILL : place[k + lead]!));
}

/** The place of what an array is found in by index. */
export function through(place: Place, walks: readonly AxisWalk[]): Place {
  return walks.map(({ axis, start, step }) => {
    if (axis === null) return { axis: null, start, step: 0 };
    const at = place[axis]!;
    return { axis: at.axis, start: start + step * at.start, step: step * at.step };
  });
}

/** The place of an array that differs from another in axes of size one. */
export function betweenOnes(place: Place, x: Shape, y: Shape): Place {
  const walks = place.filter((_, k) => y[k] !== 1);
  let next = 0;
  return x.map((d) => (d === 1 ? STILL : walks[next++]!));
}

/** Whether every element is looked up where it is on the domain itself; axes of size one do not count. */
export function isIdentity(place: Place, shape: Shape, domain: Shape): boolean {
  const own = place.filter((_, k) => shape[k] !== 1);
  const axes = [...domain.keys()].filter((k) => domain[k] !== 1);
  return (
    own.length === axes.length &&
    own.every(({ axis, start, step }, k) => axis === axes[k] && start === 0 && step === 1)
  );
}

/** As memory has it; the domain's axes of size one are left out. */
export function accessOf(buffer: Buffer, place: Place, shape: Shape, domain: Shape): Access {
  const own = stridesOf(shape);
  const strides = domain.map(() => 0);
  let start = 0;
  place.forEach((walk, k) => {
    start += walk.start * own[k]!;
    if (walk.axis !== null) strides[walk.axis]! += walk.step * own[k]!;
  });
  return { buffer, start, strides: strides.filter((_, k) => domain[k] !== 1) };
}

export function keyOf(place: Place): string {
  return place.map(({ axis, start, step }) => `${axis ?? ""}:${start}:${step}`).join();
}
