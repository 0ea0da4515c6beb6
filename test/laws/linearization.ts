/** What must hold of the derivative of any function of tensors, whether it is an op or itself a derivative. */
import type { Inputs, MaybeZero } from "../../graph/primitive.ts";
import { filled, fromData, type Spec, type Tensor } from "../../graph/tensor.ts";
import { jvp, vjp } from "../../src/transforms/derivatives.ts";
import type { TensorMap } from "./application.ts";
import { dot, first, norm, rms, spread } from "./numbers.ts";
import { ridders } from "./ridders.ts";

const DIFFERENCES = 1e-8;
/** Ridders' table under-reports its error, up to some four times. */
const TRUST = 10;

/** An adjoint pair of which one side is this much smaller than the other proves nothing. */
const VACUOUS = 1e-6;

/**
 * J ẋ by rule is the limit of differences, along one input at a time, in units of that input's spread.
 *
 * @param moving which inputs are moved
 */
export function limitOfDifferences(
  f: TensorMap,
  x: Inputs,
  moving: readonly number[],
  direction: (like: Spec) => Tensor,
): string | null {
  return first(moving, (k) => {
    const xDot = times(direction(x[k]!), spread(x[k]!));
    const tangents = x.map((_, j): MaybeZero => (j === k ? xDot : null));
    const [y, yDot] = jvp<Inputs, Inputs>(f, x, tangents);
    const { value, error } = ridders((h) => flat(f(...x.map((t, j) => (j === k ? moved(t, xDot, h) : t)))));
    let start = 0;
    return first(yDot, (dot, output) => {
      const from = start;
      start += dot.data.length;
      const expected = value.subarray(from, start);
      const typical = rms(expected);
      const size = rms(y[output]!.data);
      return first(dot.data, (byRule, i) => {
        const d = expected[i]!;
        const claim = error[from + i]!;
        const scale = Math.max(Math.abs(d), typical);
        const where = `d output ${output} [${i}] / d input ${k}`;
        if (!(claim <= 1e-6 * scale + 1e-9 * size))
          return `${where}: differences do not converge (${d} ± ${claim})`;
        if (Math.abs(byRule - d) <= DIFFERENCES * scale + TRUST * claim) return null;
        return `${where}: ${byRule} by rule, ${d} ± ${claim} by differences`;
      });
    });
  });
}

/** <ȳ, J ẋ> = <Jᵀ ȳ, ẋ>, for each input and output on its own: a large one must not hide a small one. */
export function adjointPair(
  f: TensorMap,
  x: Inputs,
  direction: (like: Spec) => Tensor,
  tolerance: number,
): string | null {
  return first([1, 2], () => {
    const xDot = x.map(direction);
    const yDots = x.map(
      (_, k) =>
        jvp<Inputs, Inputs>(
          f,
          x,
          xDot.map((t, j) => (j === k ? t : null)),
        )[1],
    );
    const [y, back] = vjp<Inputs, Inputs>(f, ...x);
    return first(y, (_, output) => {
      const yBar = y.map((t, o) => (o === output ? direction(t) : filled(t.shape, t.dtype, 0)));
      const xBar = back(yBar);
      return first(x, (_, k) => {
        const forwards = dot(yBar[output]!, yDots[k]![output]!);
        const backwards = dot(xBar[k]!, xDot[k]!);
        const sizes = [
          norm(yBar[output]!) * norm(yDots[k]![output]!),
          norm(xBar[k]!) * norm(xDot[k]!),
        ] as const;
        const where = `output ${output}, input ${k}`;
        const gap = Math.abs(forwards - backwards);
        if (!(gap <= tolerance * (sizes[0] + sizes[1])))
          return `${where}: <yBar, J xDot> = ${forwards}, <J^T yBar, xDot> = ${backwards}`;
        if (Math.min(...sizes) < VACUOUS * Math.max(...sizes))
          return `${where}: vacuous, sizes ${sizes.join(", ")}`;
        return null;
      });
    });
  });
}

function times(t: Tensor, c: number): Tensor {
  return fromData(
    t.shape,
    t.dtype,
    t.data.slice().map((v) => c * v),
  );
}

function moved(t: Tensor, along: Tensor, h: number): Tensor {
  return fromData(
    t.shape,
    t.dtype,
    t.data.slice().map((v, i) => v + h * along.data[i]!),
  );
}

function flat(ts: Inputs): Float64Array {
  return Float64Array.from(ts.flatMap((t) => [...t.data]));
}
