import { fromData, type Tensor } from "../../../graph/index.ts";
import type { Inputs } from "../../cs231n/checks/normInputs.ts";

/**
 * The gradients of batch normalisation by complex step (W. Squire & G. Trapp, SIAM Review 40 (1998) 110-112):
 * dL/dx = Im L(x + ih) / h, where nothing is subtracted, so h can be 1e-100 and the result is right to the last digits.
 *
 * The layer is written out once more, in complex numbers: this shares no line with the ops or their rules.
 */
export function byComplexStep(
  { x, gamma, beta, yBar }: Inputs,
  eps: number,
): readonly [Tensor, Tensor, Tensor] {
  const inputs = [x, gamma, beta] as const;
  const along = (which: number): Tensor => {
    const { shape, dtype, size } = inputs[which]!;
    const gradient = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const [cx, cgamma, cbeta] = inputs.map((t, k) =>
        Array.from(t.data, (re, j): Complex => [re, k === which && j === i ? H : 0]),
      );
      gradient[i] = loss(cx!, cgamma!, cbeta!, yBar, eps)[1] / H;
    }
    return fromData(shape, dtype, gradient);
  };
  return [along(0), along(1), along(2)];
}

const H = 1e-100;

/** L = sum of yBar * batchNorm(x, gamma, beta): its gradients are those that yBar is pulled back to. */
function loss(
  x: Complex[],
  gamma: Complex[],
  beta: Complex[],
  { shape, data: yBar }: Tensor,
  eps: number,
): Complex {
  const [n, d] = shape as readonly [number, number];
  let total: Complex = [0, 0];
  for (let j = 0; j < d; j++) {
    const column = Array.from({ length: n }, (_, i) => x[i * d + j]!);
    const mu = over(sum(column), [n, 0]);
    const centred = column.map((value) => minus(value, mu));
    const variance = over(sum(centred.map((value) => times(value, value))), [n, 0]);
    const sigma = root(plus(variance, [eps, 0]));
    for (let i = 0; i < n; i++) {
      const y = plus(times(gamma[j]!, over(centred[i]!, sigma)), beta[j]!);
      total = plus(total, times([yBar[i * d + j]!, 0], y));
    }
  }
  return total;
}

type Complex = readonly [re: number, im: number];

const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const minus = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const over = ([a, b]: Complex, [c, d]: Complex): Complex => {
  const r = c * c + d * d;
  return [(a * c + b * d) / r, (b * c - a * d) / r];
};
const sum = (values: readonly Complex[]): Complex => values.reduce(plus, [0, 0]);

/** The principal root; its real part is not zero here, being a standard deviation. */
function root([a, b]: Complex): Complex {
  const re = Math.sqrt((a + Math.hypot(a, b)) / 2);
  return [re, b / (2 * re)];
}
