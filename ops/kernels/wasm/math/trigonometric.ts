/**
 * sin and cos: x = k pi/2 + r, |r| <= pi/4; the quarter k modulo 4 says which of sin r and cos r it is, and its sign.
 *
 * The reduction is that of W. J. Cody and W. Waite (1980) up to REDUCED, with pi/2 in three parts, the first two of so
 * few bits that k times them is exact, and {@link quarterTurns} beyond. The kernels are fdlibm's `k_sin.c` and
 * `k_cos.c` (Sun Microsystems, 1993); polynomials are minimax ones of our own.
 */
import {
  type Body,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  i32x4,
  i64x2,
  type Local,
  type Value,
  type Vector,
  v128,
} from "../encoder/index.ts";
import { nearest } from "./exponent.ts";
import { ofOne, type VectorFunction } from "./function.ts";
import { halves, joined } from "./halves.ts";
import { polynomial } from "./polynomial.ts";
import { quarterTurns } from "./quarterTurns.ts";
import { F32, F64, type FloatVector, type MaskOf, type Width } from "./width.ts";

/** 2^16 pi/2: up to here k has 16 bits, and no float64 is nearer to k pi/2 than 2^-60. */
const REDUCED = 102943;
const HALF_PI = [1.5707963267923333, 2.5633441515839558e-12, 1.0562999066987428e-23] as const;
/** For float32, which float64 has bits to spare for: k may have 20, and cancellation does no harm. */
const REDUCED_32 = 2 ** 20;
const HALF_PI_32 = [1.5707963267341256, 6.077100506506192e-11] as const;

interface Polynomials {
  /** (sin r - r) / r^3, of r^2. */
  readonly sin: readonly number[];
  /** (cos r - 1 + r^2 / 2) / r^4, of r^2. */
  readonly cos: readonly number[];
}

const POLYNOMIALS: Readonly<Record<FloatVector, Polynomials>> = {
  f32x4: {
    // Errors 2^-28 and 2^-33.
    sin: [-0.16666655242443085, 0.008332176133990288, -0.0001951700687641278],
    cos: [0.04166664555668831, -0.0013887365348637104, 2.4438191758235916e-5],
  },
  f64x2: {
    // Errors 2^-58 and 2^-64.
    sin: [
      -0.16666666666666632, 0.008333333333322384, -0.00019841269829780367, 2.7557313681376975e-6,
      -2.5050756332991044e-8, 1.5896685760361888e-10,
    ],
    cos: [
      0.0416666666666666, -0.0013888888888874183, 2.4801587289507755e-5, -2.755731435715361e-7,
      2.0875723650622517e-9, -1.1359655465880679e-11,
    ],
  },
};

interface Reduced<T extends FloatVector> {
  /** k, of which the lowest two bits count. */
  readonly turns: Local<MaskOf<T>>;
  readonly r: Local<T>;
  /** What r has lost by rounding; null where that does not matter. */
  readonly lost: Local<T> | null;
}

/** Of numbers without a sign. */
const REDUCE: { readonly [T in FloatVector]: (body: Body, a: Local<T>) => Reduced<T> } = {
  f32x4: reduced32,
  f64x2: reduced64,
};

export const sin: VectorFunction = ofOne((width, body, x) => {
  const { float, signBit } = width;
  const { turns, sine, cosine } = circular(width, body, x);
  const y = v128.select(cosine, sine, isOdd(width, turns));
  return v128.xor(y, v128.xor(v128.and(x, signBit), float.ofBits(halfTurnSign(width, turns))));
});

export const cos: VectorFunction = ofOne((width, body, x) => {
  const { float, int, allInt } = width;
  const { turns, sine, cosine } = circular(width, body, x);
  const y = v128.select(sine, cosine, isOdd(width, turns));
  return v128.xor(y, float.ofBits(halfTurnSign(width, int.add(turns, allInt(1)))));
});

function isOdd<T extends FloatVector>({ int, allInt }: Width<T>, turns: Value<MaskOf<T>>): Value<MaskOf<T>> {
  return int.eq(v128.and(turns, allInt(1)), allInt(1));
}

/** The sign bit, where the second lowest is set. */
function halfTurnSign<T extends FloatVector>(
  { int, allInt, fraction }: Width<T>,
  turns: Value<MaskOf<T>>,
): Value<MaskOf<T>> {
  return int.shl(v128.and(turns, allInt(2)), i32.const(fraction === 23 ? 30 : 62));
}

interface Circular<T extends FloatVector> {
  readonly turns: Local<MaskOf<T>>;
  readonly sine: Value<T>;
  readonly cosine: Value<T>;
}

/** Both functions of r, and k. */
function circular<T extends FloatVector>(width: Width<T>, body: Body, x: Local<T>): Circular<T> {
  const { float, all } = width;
  const { turns, r, lost } = REDUCE[width.type](body, body.keep(float.abs(x)));
  const { sin, cos } = POLYNOMIALS[width.type];
  const z = body.keep(float.mul(r, r));
  const half = body.keep(float.mul(z, all(0.5)));
  const rest = body.keep(float.sub(all(1), half));
  // sin r + cos r * lost, cos r - r * lost, with cos r as 1 - r^2 / 2.
  const sineTail = float.mul(float.mul(z, r), polynomial(width, body, z, sin));
  const cosineTail = float.mul(float.mul(z, z), polynomial(width, body, z, cos));
  const rounded = float.sub(float.sub(all(1), rest), half);
  if (lost === null) {
    return {
      turns,
      sine: float.add(r, sineTail),
      cosine: float.add(rest, float.add(rounded, cosineTail)),
    };
  }
  return {
    turns,
    sine: float.add(r, float.add(sineTail, float.mul(rest, lost))),
    cosine: float.add(rest, float.add(rounded, float.sub(cosineTail, float.mul(r, lost)))),
  };
}

function reduced64(body: Body, a: Local<"f64x2">): Reduced<"f64x2"> {
  const { all } = F64;
  const { k, bits: turns } = nearest(F64, body, f64x2.mul(a, all(2 / Math.PI)));
  const first = body.keep(f64x2.sub(a, f64x2.mul(k, all(HALF_PI[0]))));
  const second = body.keep(f64x2.mul(k, all(HALF_PI[1])));
  const r = body.keep(f64x2.sub(first, second));
  // What r has lost is exact: either the first is the larger, or they cancel so far that r has lost nothing.
  const rounded = f64x2.sub(f64x2.sub(first, r), second);
  const lost = body.keep(f64x2.sub(rounded, f64x2.mul(k, all(HALF_PI[2]))));
  const isHard = body.keep(v128.not(f64x2.le(a, all(REDUCED))));
  body.if(v128.anyTrue(isHard), () => {
    laneByLane(body, 2, [a, isHard, turns, r, lost], () => {
      body.if(i32.fromI64(i64x2.lane(isHard, 0)), () => {
        const exact = quarterTurns(body, body.keep(f64x2.lane(a, 0)));
        body.set(turns, i64x2.withLane(turns, 0, exact.turns));
        body.set(r, f64x2.withLane(r, 0, exact.high));
        body.set(lost, f64x2.withLane(lost, 0, exact.low));
      });
    });
  });
  return { turns, r, lost };
}

/** In float64: r there has bits enough, unless x is large, for what float32 can hold. */
function reduced32(body: Body, a: Local<"f32x4">): Reduced<"f32x4"> {
  const { all } = F64;
  const reduce = (x: Local<"f64x2">): Reduced<"f64x2"> => {
    const { k, bits: turns } = nearest(F64, body, f64x2.mul(x, all(2 / Math.PI)));
    const first = f64x2.sub(x, f64x2.mul(k, all(HALF_PI_32[0])));
    return { turns, r: body.keep(f64x2.sub(first, f64x2.mul(k, all(HALF_PI_32[1])))), lost: null };
  };
  const wide = halves(body, a);
  const [low, high] = [reduce(wide.low), reduce(wide.high)];
  const r = body.keep(joined(low.r, high.r));
  const turns = body.keep(i32x4.shuffle(i32x4.ofBits(low.turns), i32x4.ofBits(high.turns), [0, 2, 4, 6]));
  const isHard = body.keep(v128.not(f32x4.le(a, F32.all(REDUCED_32))));
  body.if(v128.anyTrue(isHard), () => {
    laneByLane(body, 4, [a, isHard, turns, r], () => {
      body.if(i32x4.lane(isHard, 0), () => {
        const exact = quarterTurns(body, body.keep(f64.fromF32(f32x4.lane(a, 0))));
        body.set(turns, i32x4.withLane(turns, 0, i32.fromI64(exact.turns)));
        body.set(r, f32x4.withLane(r, 0, f32.fromF64(exact.high)));
      });
    });
  });
  return { turns, r, lost: null };
}

/** Statements about the first lane, for each lane in turn: the vectors go round. */
function laneByLane(
  body: Body,
  lanes: 2 | 4,
  vectors: readonly Local<Vector>[],
  statements: () => void,
): void {
  const next = lanes === 2 ? [2, 3, 0, 1] : [1, 2, 3, 0];
  const left = body.keep(i32.const(lanes));
  body.loop((again) => {
    statements();
    for (const x of vectors) body.set(x, i32x4.shuffle(i32x4.ofBits(x), i32x4.ofBits(x), next));
    body.set(left, i32.sub(left, i32.const(1)));
    body.branchIf(again, left);
  });
}
