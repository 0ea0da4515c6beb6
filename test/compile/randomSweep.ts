/**
 * Random walks over arrays: shapes, strides and folds of all kinds, in arithmetic that is exact.
 *
 * All numbers are small integers, so that no sum or product is rounded, in whatever order it is taken: what is compiled
 * has to be what is eager to the bit, and nothing needs a tolerance. Steps do not depend on how many follow, so that a
 * failure shrinks by leaving out the last; sizes shrink by a limit of their own.
 */
import fc from "fast-check";
import {
  type AxisRange,
  abs,
  add,
  allocate,
  broadcastTo,
  cast,
  concat,
  type DType,
  equal,
  expandDims,
  flip,
  fromData,
  greater,
  type Inputs,
  isFloat,
  less,
  logicalNot,
  logicalOr,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  pad,
  relu,
  reshape,
  round,
  type Shape,
  sign,
  sizeAlong,
  sizeOf,
  slice,
  square,
  stretchesTo,
  sub,
  sum,
  type Tensor,
  take,
  tensor,
  transpose,
  WengertError,
  where,
} from "../../src/index.ts";
import { type Stream, stream } from "../../src/random/stream.ts";

export interface RandomSweep {
  readonly seed: number;
  readonly x: Inputs;
  readonly f: (...x: Inputs) => Inputs;
  /** What was applied, in words. */
  readonly steps: readonly string[];
}

interface Step {
  readonly name: string;
  run(pool: Inputs): Tensor;
}

/** Around vectors, cache lines, turns of a loop, and the blocks of rows; one more often than others. */
const SIZES = [1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 20, 31, 32, 33, 40, 63, 64, 65, 66, 100];
const MOST_ELEMENTS = 12_000;

/** Products of a few of these are exact in float32, and so is a sum of as many as there are. */
const LARGEST = 64;
const LARGEST_SUM = 2 ** 22;

export const arbitrarySweep: fc.Arbitrary<RandomSweep> = fc
  .tuple(fc.noShrink(fc.nat()), fc.integer({ min: 1, max: 14 }), fc.integer({ min: 2, max: SIZES.length }))
  .map(([seed, length, sizes]) => randomSweep(seed, length, SIZES.slice(0, sizes)));

export function randomSweep(seed: number, length: number, sizes: readonly number[] = SIZES): RandomSweep {
  const from = stream(seed, "sweep");
  const domain = shapeFrom(from, sizes);
  const dtypes = dtypesFrom(from);
  const x = Array.from({ length: 2 + from.integer(3) }, (_, k) =>
    integers(from, k === 0 ? domain : partOf(from, domain), oneOf(from, dtypes)),
  );
  const steps: Step[] = [];
  const pool = [...x];
  for (let tries = 0; steps.length < length && tries < 8 * length; tries++) {
    const step = drawn(stream(seed, "step", tries), pool);
    const y = step === null ? null : tried(step, pool);
    if (step === null || y === null) continue;
    steps.push(step);
    pool.push(y);
  }
  const last = stream(seed, "outputs", steps.length);
  const returned = Array.from({ length: 1 + last.integer(5) }, () =>
    Math.floor(pool.length * Math.sqrt(last.uniform())),
  );
  return {
    seed,
    x,
    f(...t) {
      const values = [...t];
      for (const step of steps) values.push(step.run(values));
      return returned.map((k) => values[k]!);
    },
    steps: [
      x.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(" "),
      ...steps.map(({ name }, k) => `%${x.length + k} = ${name}`),
      `return ${returned.map((k) => `%${k}`).join(" ")}`,
    ],
  };
}

function shapeFrom(from: Stream, sizes: readonly number[]): Shape {
  const shape: number[] = [];
  const rank = oneOf(from, [0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4]);
  for (let k = 0; k < rank; k++) {
    const size = oneOf(from, sizes);
    shape.push(sizeOf(shape) * size > MOST_ELEMENTS ? 1 + from.integer(3) : size);
  }
  return shape;
}

/** Of one kind in most programs, so that much can be combined; of two, or all, in others. */
function dtypesFrom(from: Stream): readonly DType[] {
  return oneOf<readonly DType[]>(from, [
    ["float64"],
    ["float32"],
    ["float32"],
    ["float32", "float64"],
    ["float32", "bool"],
    ["float64", "bool", "int32"],
    ["float32", "float64", "bool", "int32"],
  ]);
}

/** The domain, with some axes of size one instead, and perhaps without the first ones. */
function partOf(from: Stream, domain: Shape): Shape {
  const shape = domain.map((d) => (from.uniform() < 0.35 ? 1 : d));
  return from.uniform() < 0.4 ? shape.slice(from.integer(domain.length + 1)) : shape;
}

function integers(from: Stream, shape: Shape, dtype: DType): Tensor {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = dtype === "bool" ? from.integer(2) : from.integer(9) - 4;
  return fromData(shape, dtype, data);
}

/** The step's result; null where it refuses its input, or gives numbers that might be rounded. */
function tried(step: Step, pool: Inputs): Tensor | null {
  try {
    const y = step.run(pool);
    return isSmall(y) ? y : null;
  } catch (refusal) {
    if (refusal instanceof WengertError) return null;
    throw refusal;
  }
}

function isSmall({ data, dtype, size }: Tensor): boolean {
  if (size > 4 * MOST_ELEMENTS) return false;
  const limit = isFloat(dtype) ? LARGEST : 2 ** 20;
  for (const v of data) if (Math.abs(v) > limit) return false;
  return true;
}

/** What a sum of all of it can be at most. */
function totalOf({ data }: Tensor): number {
  let total = 0;
  for (const v of data) total += Math.abs(v);
  return total;
}

type Unary = readonly [name: string, f: (x: Tensor) => Tensor];
type Binary = readonly [name: string, f: (x: Tensor, y: Tensor) => Tensor];

const UNARY: readonly Unary[] = [
  ["neg", neg],
  ["abs", abs],
  ["relu", relu],
  ["square", square],
  ["sign", sign],
  ["x + 1", (x) => add(x, 1)],
  ["1 - x", (x) => sub(1, x)],
  ["x > 0", (x) => greater(x, 0)],
  ["where(x < 1, x, 3)", (x) => where(less(x, 1), x, 3)],
];

const BINARY: readonly Binary[] = [
  ["add", add],
  ["sub", sub],
  ["mul", mul],
  ["maximum", maximum],
  ["minimum", minimum],
  ["greater", greater],
  ["equal", equal],
  ["where(x > y, x, y + 1)", (x, y) => where(greater(x, y), x, add(y, 1))],
];

/** A mean is made whole again: it may be divided in whatever way. */
const FOLDS: readonly (readonly [name: string, f: Fold])[] = [
  ["sum", sum],
  ["mean", (x, axes, o) => round(mul(mean(x, axes, o), Math.max(1, sizeAlong(x.shape, axes))))],
  ["max", max],
  ["min", min],
];
type Fold = (x: Tensor, axes: readonly number[], o: { readonly keepDims: boolean }) => Tensor;

function drawn(from: Stream, pool: Inputs): Step | null {
  const k = recent(from, pool.length);
  const kind = from.uniform();
  if (kind < 0.28) return binaryStep(from, pool, k);
  if (kind < 0.42) return unaryStep(from, pool[k]!, k);
  if (kind < 0.66) return foldStep(from, pool[k]!, k);
  if (kind < 0.86) return movementStep(from, pool[k]!, k);
  if (kind < 0.96) return castStep(from, pool[k]!, k);
  return otherStep(from, pool, k);
}

/** With one that it can be broadcast with, and whose dtype it takes; of a bool, logic. */
function binaryStep(from: Stream, pool: Inputs, k: number): Step | null {
  const x = pool[k]!;
  const fitting = [...pool.keys()].filter((j) => {
    const y = pool[j]!;
    const fits =
      stretchesTo(y.shape, x.shape) || stretchesTo(x.shape, y.shape) || areCrossed(x.shape, y.shape);
    return fits && (x.dtype === y.dtype || (isFloat(x.dtype) && !isFloat(y.dtype)));
  });
  const j = oneOf(from, fitting);
  if (x.dtype === "bool") {
    return { name: `%${k} or %${j}`, run: (t) => logicalOr(t[k]!, t[j]!) };
  }
  const [name, f] = oneOf(from, BINARY);
  if (from.uniform() < 0.5 || !isFloat(pool[j]!.dtype)) {
    return { name: `${name}(%${k}, %${j})`, run: (t) => f(t[k]!, t[j]!) };
  }
  return { name: `${name}(%${j}, %${k})`, run: (t) => f(t[j]!, t[k]!) };
}

/** Each has ones where the other has not: [3, 1] and [1, 4]. */
function areCrossed(a: Shape, b: Shape): boolean {
  const n = Math.max(a.length, b.length);
  const at = (shape: Shape, k: number): number => shape[k - n + shape.length] ?? 1;
  let size = 1;
  for (let k = 0; k < n; k++) {
    const [p, q] = [at(a, k), at(b, k)];
    if (p !== q && p !== 1 && q !== 1) return false;
    size *= Math.max(p, q);
  }
  return size <= MOST_ELEMENTS;
}

function unaryStep(from: Stream, { dtype }: Tensor, k: number): Step | null {
  if (dtype === "bool") return { name: `not %${k}`, run: (t) => logicalNot(t[k]!) };
  const [name, f] = oneOf(from, UNARY);
  return { name: `${name} of %${k}`, run: (t) => f(t[k]!) };
}

function foldStep(from: Stream, x: Tensor, k: number): Step | null {
  const { rank, dtype } = x;
  const [name, f] = oneOf(from, FOLDS);
  if (!isFloat(dtype) || totalOf(x) > LARGEST_SUM) return null;
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter(() => from.uniform() < 0.5);
  const keepDims = from.uniform() < 0.7;
  const isClamped = from.uniform() < 0.7;
  return {
    name: `${name} of %${k} along ${axes}${keepDims ? ", kept" : ""}${isClamped ? ", within 9" : ""}`,
    run(t) {
      const y = f(t[k]!, axes, { keepDims });
      // Else most of them would be too large to go on with.
      return isClamped ? maximum(minimum(y, 9), -9) : y;
    },
  };
}

function movementStep(from: Stream, x: Tensor, k: number): Step | null {
  const { rank, shape } = x;
  if (rank === 0) return { name: `ones of %${k}`, run: (t) => broadcastTo(t[k]!, [1, 3]) };
  const axis = from.integer(rank);
  const d = shape[axis]!;
  switch (from.integer(8)) {
    case 0:
    case 1: {
      const perm = shuffled(from, rank);
      return { name: `transpose of %${k} by ${perm}`, run: (t) => transpose(t[k]!, perm) };
    }
    case 2:
      return { name: `flip of %${k} along ${axis}`, run: (t) => flip(t[k]!, axis) };
    case 3: {
      const [start, step] = [from.integer(d), 1 + from.integer(3)];
      const ranges = shape.map((_, a): AxisRange => (a === axis ? [start, d, step] : null));
      return {
        name: `slice of %${k} along ${axis} from ${start} by ${step}`,
        run: (t) => slice(t[k]!, ranges),
      };
    }
    case 4: {
      const to = from.uniform() < 0.5 ? [x.size] : [...shape].reverse();
      return { name: `%${k} as [${to}]`, run: (t) => reshape(t[k]!, to) };
    }
    case 5: {
      const to = shape.map((size) => (size === 1 && from.uniform() < 0.5 ? 2 + from.integer(4) : size));
      const all = from.uniform() < 0.3 ? [2, ...to] : to;
      return { name: `%${k} stretched to [${all}]`, run: (t) => broadcastTo(t[k]!, all) };
    }
    case 6:
      return { name: `%${k} with one more axis, ${axis}`, run: (t) => expandDims(t[k]!, axis) };
    default: {
      const widths = shape.map((_, a): [number, number] => (a === axis ? [1, 2] : [0, 0]));
      return { name: `%${k} padded along ${axis}`, run: (t) => pad(t[k]!, widths) };
    }
  }
}

function castStep(from: Stream, { dtype }: Tensor, k: number): Step | null {
  const to = oneOf(
    from,
    (["float64", "float32", "float64", "float32", "int32", "bool"] as const).filter((d) => d !== dtype),
  );
  return { name: `%${k} as ${to}`, run: (t) => cast(t[k]!, to) };
}

/** What has kernels of its own: they are between the loops. */
function otherStep(from: Stream, pool: Inputs, k: number): Step | null {
  const x = pool[k]!;
  const { rank, shape, dtype } = x;
  if (rank === 2 && isFloat(dtype) && from.uniform() < 0.7) {
    const isTurned = from.uniform() < 0.5;
    return {
      name: `%${k} times its transpose, within 9`,
      run(t) {
        const [a, b] = isTurned ? [transpose(t[k]!), t[k]!] : [t[k]!, transpose(t[k]!)];
        return maximum(minimum(matmul(a, b), 9), -9);
      },
    };
  }
  if (rank === 0) return null;
  const axis = from.integer(rank);
  if (from.uniform() < 0.5)
    return { name: `%${k} twice along ${axis}`, run: (t) => concat([t[k]!, t[k]!], axis) };
  const indices = tensor(
    Array.from({ length: 3 }, () => from.integer(shape[axis]!)),
    { dtype: "int32" },
  );
  return { name: `taken from %${k} along ${axis}`, run: (t) => take(t[k]!, indices, axis) };
}

function shuffled(from: Stream, n: number): number[] {
  const order = Array.from({ length: n }, (_, k) => k);
  for (let k = n - 1; k > 0; k--) {
    const j = from.integer(k + 1);
    [order[k], order[j]] = [order[j]!, order[k]!];
  }
  return order;
}

function recent(from: Stream, n: number): number {
  return from.uniform() < 0.3 ? from.integer(n) : Math.floor(n * Math.sqrt(from.uniform()));
}

function oneOf<T>(from: Stream, items: readonly T[]): T {
  return items[from.integer(items.length)]!;
}
