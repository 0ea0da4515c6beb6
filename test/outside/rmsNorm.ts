/** A fused op as a user would register it, outside the package: root mean square normalisation. */
import {
  add,
  div,
  type Fused,
  fused,
  mean,
  mul,
  promoteReal,
  ShapeError,
  type Shortcuts,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "../../src/index.ts";

type XGamma = readonly [x: Tensor, gamma: Tensor];

interface Eps {
  readonly eps: number;
}

/** y = γ x / √(mean x² + eps), over the last axis (Zhang & Sennrich 2019). */
export function rmsNorm(x: Tensor, gamma: Tensor, { eps }: Eps): Tensor {
  return mul(gamma, div(x, sqrt(add(mean(square(x), -1, { keepDims: true }), eps))));
}

/** The registration. A closed form that is wrong can be put in its place. */
export const registration: Shortcuts<XGamma, Eps> = {
  name: "rmsNorm",
  reference: ([x, gamma], params) => rmsNorm(x, gamma, params),
  shape([x, gamma]) {
    const [n, d] = x.shape;
    if (n === undefined || d === undefined || gamma.shape.length !== 1 || gamma.shape[0] !== d) {
      throw new ShapeError("rmsNorm", "x of [N, D] and gamma of [D]", `[${x.shape}] and [${gamma.shape}]`);
    }
    return x.shape;
  },
  dtype: ([x, gamma]) => promoteReal("rmsNorm", x.dtype, gamma.dtype),
  kernel([x, gamma], { eps }, y) {
    const d = gamma.shape[0]!;
    for (let i = 0; i < x.data.length; i += d) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += x.data[i + j]! ** 2;
      const sigma = Math.sqrt(sum / d + eps);
      for (let j = 0; j < d; j++) y.data[i + j] = (gamma.data[j]! * x.data[i + j]!) / sigma;
    }
  },
  closedForm({ x: [x, gamma], params: { eps } }, yBar) {
    const over = (t: Tensor): Tensor => mean(t, -1, { keepDims: true });
    const sigma = sqrt(add(over(square(x)), eps));
    const xHat = div(x, sigma);
    const g = mul(gamma, yBar);
    return [div(sub(g, mul(xHat, over(mul(g, xHat)))), sigma), sum(mul(yBar, xHat), 0)];
  },
  samples: (draw) => [
    { x: [draw.normal([4, 3]), draw.uniform([3], 0.5, 2)], params: { eps: 1e-5 } },
    { x: [draw.normal([2, 5]), draw.uniform([5], 0.5, 2)], params: { eps: 1e-2 } },
  ],
  rejects: () => [
    {
      x: [
        { shape: [4, 3], dtype: "float64", data: new Float64Array(12) },
        { shape: [4], dtype: "float64", data: new Float64Array(4) },
      ],
      params: { eps: 1e-5 },
      error: ShapeError,
    },
  ],
  text: ([x, gamma], { eps }) => `rmsNorm(${x}, ${gamma}, ${eps})`,
  latex: ([x, gamma]) => `\\operatorname{rmsNorm}\\left(${x}; ${gamma}\\right)`,
};

export const RmsNorm: Fused<XGamma, Eps> = fused(registration);
