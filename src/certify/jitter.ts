/** How much of a derivative is rounding: no two right ways to it can be expected to agree in more. */
import {
  bind,
  fromData,
  type Inputs,
  isFloat,
  type MaybeZero,
  programOf,
  pullback,
  replay,
  type Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import { add, mul } from "../../ops/index.ts";

/**
 * The same run with every number, of the inputs and of each step on the way, changed by a unit in its last place, up or
 * down. Inputs alone would not do: a shift of all of them, which is what a rounded mean amounts to, may change nothing.
 */
export function jittered(tape: Trace, leaves: Inputs): Trace {
  const program = programOf(tape);
  let step = 0;
  const near = leaves.map((t) => (isFloat(t.dtype) ? timesOnes(t, ++step) : t));
  return trace(
    (...x) =>
      replay(program, x, (op, t, params) => {
        const y = bind(op, t, params);
        // Views only move numbers.
        return op.lowering.kind === "view" || !isFloat(y.dtype) ? y : mul(y, ones(y, ++step));
      }),
    near,
    true,
  );
}

/**
 * The change of Jᵀ ȳ.
 *
 * @param near a {@link jittered} run
 * @param xBar Jᵀ ȳ, as it is
 * @returns one for each leaf
 */
export function jitterOf(
  near: Trace,
  leaves: Inputs,
  yBar: readonly MaybeZero[],
  xBar: readonly MaybeZero[],
): Tensor[] {
  const there = pullback(near, yBar, add);
  return leaves.map((x, k) => {
    const data = new Float64Array(x.size);
    for (let i = 0; i < data.length; i++) data[i] = (there[k]?.data[i] ?? 0) - (xBar[k]?.data[i] ?? 0);
    return fromData(x.shape, "float64", data);
  });
}

/** The change of the values themselves: the norm of all of it. */
export function valueJitter(near: Trace, y: Inputs): number {
  let sum = 0;
  for (const [r, i] of near.outputs.entries()) {
    const there = near.nodes[i]!.value.data;
    const here = y[r]!.data;
    for (let k = 0; k < here.length; k++) {
      const change = there[k]! - here[k]!;
      // Where both are infinite, or none is a number, differences have no say anyway.
      if (Number.isFinite(change)) sum += change * change;
    }
  }
  return Math.sqrt(sum);
}

function timesOnes(t: Tensor, step: number): Tensor {
  const by = ones(t, step);
  return fromData(
    t.shape,
    "float64",
    Float64Array.from(t.data, (v, i) => v * Number(by.data[i]!)),
  );
}

/** 1, give or take a unit in the last place; the signs are as good as random, and the same each time. */
function ones({ shape, dtype, size }: Tensor, step: number): Tensor {
  let state = (step * 2654435761) >>> 0;
  const data = Float64Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 31 === 0 ? 1 + Number.EPSILON : 1 - Number.EPSILON;
  });
  return dtype === "float64"
    ? fromData(shape, dtype, data)
    : fromData(shape, "float32", Float32Array.from(data));
}
