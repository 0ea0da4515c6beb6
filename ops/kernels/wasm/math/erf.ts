/**
 * erf x = x + x A(x^2) up to 1; 1 - exp(-x^2) B((x - c) / (x + c)) beyond, until it is 1; odd.
 *
 * Beyond 1 only the absolute error counts, and B has to be the better the larger exp(-x^2) is: its polynomial is the
 * minimax one for that weight. (The intervals of W. J. Cody, "Rational Chebyshev approximations for the error
 * function", Math. Comp. 23 (1969), have no errors to spare, but would take a division each.) The polynomials are our
 * own, by Remez's algorithm with 40 digits.
 */
import { v128 } from "../encoder/index.ts";
import { smallExp } from "./exponential.ts";
import { ofOne, type VectorFunction } from "./function.ts";
import { polynomial } from "./polynomial.ts";
import type { FloatVector } from "./width.ts";

interface Constants {
  /** erf(x) / x - 1, of x^2. */
  readonly near: readonly number[];
  readonly centre: number;
  /** erfc(x) exp(x^2), of (x - centre) / (x + centre). */
  readonly far: readonly number[];
  /** From here on erf is nearer to 1 than half an ulp. */
  readonly flat: number;
}

const CONSTANTS: Readonly<Record<FloatVector, Constants>> = {
  f32x4: {
    // Error 2^-29.
    near: [
      0.12837916612625122, -0.3761262595653534, 0.11283600330352783, -0.026854444295167923,
      0.005189534742385149, -0.0008020835812203586, 7.88910110713914e-5,
    ],
    centre: 2,
    // Absolute error of erf 2^-34.
    far: [
      0.25539568066596985, -0.42718586325645447, 0.24165727198123932, -0.07898690551519394,
      0.003729745512828231, 0.0072125582955777645,
    ],
    flat: 3.95,
  },
  f64x2: {
    // Error 2^-57.
    near: [
      0.12837916709551256, -0.3761263890318355, 0.11283791670945253, -0.02686617064327622,
      0.005223977607423468, -0.0008548325989696758, 0.00012055295320494294, -1.4924744663335489e-5,
      1.6447517677871873e-6, -1.6209175911748696e-7, 1.3722976265924504e-8, -7.801188874097751e-10,
    ],
    centre: 3,
    // Absolute error of erf 2^-57.
    far: [
      0.17900115118135385, -0.3262335600459008, 0.24560380166427942, -0.15011593634451015, 0.0716658501196766,
      -0.024392327959657973, 0.004270353402734717, 0.0007131740326143466, -0.0005810947821836243,
      7.63906701481279e-5, 0.00010294934945664486, 1.520249122678069e-5,
    ],
    flat: 5.95,
  },
};

export const erf: VectorFunction = ofOne((width, body, x) => {
  const { float, all, signBit } = width;
  const { near: ofSquare, far: ofRatio, centre, flat } = CONSTANTS[width.type];
  const a = body.keep(float.pmin(float.abs(x), all(flat)));
  const z = body.keep(float.mul(a, a));
  const near = float.add(a, float.mul(a, polynomial(width, body, z, ofSquare)));
  const ratio = body.keep(float.div(float.sub(a, all(centre)), float.add(a, all(centre))));
  const complement = float.mul(
    smallExp(width, body, body.keep(float.neg(z))),
    polynomial(width, body, ratio, ofRatio),
  );
  const y = v128.select(near, float.sub(all(1), complement), float.lt(a, all(1)));
  return v128.or(y, v128.and(x, signBit));
});
