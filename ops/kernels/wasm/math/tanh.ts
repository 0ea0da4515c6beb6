/**
 * tanh x = x + x^3 T(x^2) up to 5/8, 1 - 2 / (exp(2x) + 1) beyond; odd.
 *
 * The border is that of S. L. Moshier's Cephes library (`tanh.c`, 1989); T is a minimax polynomial of our own.
 */
import { v128 } from "../encoder/index.ts";
import { smallExp } from "./exponential.ts";
import { ofOne, type VectorFunction } from "./function.ts";
import { polynomial } from "./polynomial.ts";
import type { FloatVector } from "./width.ts";

const BORDER = 0.625;

/** Nearer to 1 than half an ulp in either width. */
const FLAT = 20;

const NEAR: Readonly<Record<FloatVector, readonly number[]>> = {
  // Error 2^-28.
  f32x4: [
    -0.3333328366279602, 0.13331493735313416, -0.05374366417527199, 0.02065105177462101, -0.0057175038382411,
  ],
  // Error 2^-56.
  f64x2: [
    -0.3333333333333288, 0.13333333333265443, -0.0539682539326734, 0.02186948760555125, -0.008863221359068052,
    0.0035919918493825588, -0.0014549717409952393, 0.0005863562004297292, -0.00022864006169991987,
    7.722628749020946e-5, -1.6110757737922565e-5,
  ],
};

export const tanh: VectorFunction = ofOne((width, body, x) => {
  const { float, all, signBit } = width;
  const a = body.keep(float.pmin(float.abs(x), all(FLAT)));
  const z = body.keep(float.mul(a, a));
  const near = float.add(a, float.mul(float.mul(a, z), polynomial(width, body, z, NEAR[width.type])));
  const grown = float.add(smallExp(width, body, body.keep(float.add(a, a))), all(1));
  const far = float.sub(all(1), float.div(all(2), grown));
  return v128.or(v128.select(near, far, float.lt(a, all(BORDER))), v128.and(x, signBit));
});
