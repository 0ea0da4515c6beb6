/** Laws of the rules as linear maps, and as pure functions. */
import type { AnyPrimitive, Inputs } from "../../graph/primitive.ts";
import { filled, fromData, type NdArray, type Tensor } from "../../graph/tensor.ts";
import { jvp, vjp } from "../../src/transforms/derivatives.ts";
import { directions } from "../draw.ts";
import { type AnySample, applied, hasDerivative, owned } from "./application.ts";
import { first, firstChange, firstDifference } from "./numbers.ts";

/** Large, and a power of two: multiplying by it rounds nothing. */
const FACTOR = 2 ** 40;

/** Both rules are linear in their differential: sums go to sums, and large multiples to large multiples. */
export function linearityLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasDerivative(at)) return null;
  const direction = directions(seed, op.name, "linearity");
  const back = vjp<Inputs, Inputs>(at.f, ...at.floats)[1];
  const ahead = (xDot: Inputs): Inputs => jvp<Inputs, Inputs>(at.f, at.floats, xDot)[1];
  const tolerance = at.y.dtype === "float64" ? 1e-12 : 1e-5;
  const rules = [
    { rule: "vjp", map: (t: Inputs) => back(t), a: [direction(at.y)], b: [direction(at.y)] },
    { rule: "jvp", map: ahead, a: at.floats.map(direction), b: at.floats.map(direction) },
  ];
  return first(rules, ({ rule, map, a, b }) => {
    const expected = combined(map(a), map(b));
    const found = first(map(combined(a, b)), (t, k) => firstDifference(t, expected[k]!, tolerance));
    return found === null ? null : `${rule} is not linear: ${found}`;
  });
}

/** Differentials of zero give exactly zero. */
export function zeroLaw(op: AnyPrimitive, sample: AnySample): string | null {
  const at = applied(op, sample);
  if (!hasDerivative(at)) return null;
  const zero = (t: Tensor): Tensor => filled(t.shape, t.dtype, 0);
  const rules = [
    { rule: "vjp", results: vjp<Inputs, Inputs>(at.f, ...at.floats)[1]([zero(at.y)]) },
    { rule: "jvp", results: jvp<Inputs, Inputs>(at.f, at.floats, at.floats.map(zero))[1] },
  ];
  return first(rules, ({ rule, results }) =>
    first(results, ({ data }) =>
      first(data, (v, i) => (v === 0 ? null : `${rule} of zero gives ${v} at ${i}`)),
    ),
  );
}

/** Whatever is computed twice is the same to the bit; inputs stay as they were; results share no storage. */
export function purityLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  const direction = directions(seed, op.name, "purity");
  const run = (): readonly Inputs[] => [at.f(...at.floats)];
  const held: NdArray[] = [...at.x];
  const runs: (() => readonly Inputs[])[] = [run];
  if (hasDerivative(at)) {
    const yBar = direction(at.y);
    const xDot = at.floats.map(direction);
    held.push(yBar, ...xDot);
    runs.push(
      () => [vjp<Inputs, Inputs>(at.f, ...at.floats)[1]([yBar])],
      () => {
        const back = vjp<Inputs, Inputs>(at.f, ...at.floats)[1];
        return [back([yBar]), back([yBar])];
      },
      () => [jvp<Inputs, Inputs>(at.f, at.floats, xDot)[1]],
    );
  }
  const before = held.map((t) => owned(t, t.dtype));
  const names = ["the value", "vjp", "vjp, pulled back twice,", "jvp"];
  const impure = first(runs, (compute, which) => {
    const once = compute().flat();
    const again = compute().flat();
    const change = first(once, (t, k) => firstChange(again[k]!, t));
    if (change !== null) return `${names[which]} is not the same the second time: ${change}`;
    return which === 0 ? null : sharedStorage(names[which]!, once, held);
  });
  return (
    impure ??
    first(held, (t, k) => {
      const change = firstChange(t, before[k]!);
      return change === null ? null : `an input or differential (${k}) was written to: ${change}`;
    })
  );
}

function sharedStorage(name: string, results: Inputs, held: readonly NdArray[]): string | null {
  const taken = held.map(bytesOf);
  return first(results, (t) => {
    const [buffer, from, to] = bytesOf(t);
    // Buffers may be shared: small arrays are cut from larger pieces of memory. What they hold may not.
    if (taken.some(([b, start, end]) => b === buffer && from < end && start < to))
      return `${name} returns storage that is somebody else's`;
    taken.push([buffer, from, to]);
    return null;
  });
}

function bytesOf({ data }: NdArray): readonly [buffer: ArrayBufferLike, from: number, to: number] {
  if (!ArrayBuffer.isView(data)) throw new TypeError("a tensor's numbers are not in a typed array");
  return [data.buffer, data.byteOffset, data.byteOffset + data.byteLength];
}

function combined(a: Inputs, b: Inputs): Inputs {
  return a.map(({ shape, dtype, data }, k) => {
    const sum = data.slice();
    for (let i = 0; i < sum.length; i++) sum[i] = FACTOR * sum[i]! + b[k]!.data[i]!;
    return fromData(shape, dtype, sum);
  });
}
