/** Large arrays go by vectors, and nobody can tell. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { allocate } from "../../graph/dtype.ts";
import type { Shape } from "../../graph/shape.ts";
import * as ops from "../../ops/index.ts";
import * as s from "../../ops/kernels/scalar.ts";
import { isSimdAvailable, setSimdAvailable } from "../../ops/kernels/wasm/engine.ts";
import { isSameInFloat32 } from "../../ops/kernels/wasm/map/float32.ts";
import { VectorLoop } from "../../ops/kernels/wasm/map/loop.ts";
import { isReducedByVectors } from "../../ops/kernels/wasm/reduce/reduce.ts";
import { setWindowLimit } from "../../ops/kernels/wasm/window.ts";
import { setAlwaysVectors } from "../../ops/kernels/wasm/worth.ts";
import { fromData, type Tensor, vjp } from "../../src/index.ts";
import { stream } from "../../src/random/stream.ts";

type Float = "float32" | "float64";

const FLOATS = ["float32", "float64"] as const;
const SPECIAL = [Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1e-42, 3e38];

/** Numbers of very different sizes; if wanted, one in a hundred is special. */
function numbers(shape: Shape, dtype: Float, isSpecial: boolean, label: string): Tensor {
  const from = stream(11, "data", label);
  const data = allocate(
    dtype,
    shape.reduce((a, b) => a * b, 1),
  );
  for (let i = 0; i < data.length; i++) {
    const isRare = isSpecial && from.integer(100) === 0;
    data[i] = isRare ? SPECIAL[from.integer(SPECIAL.length)]! : from.gaussian() * 10 ** from.integer(6);
  }
  return fromData(shape, dtype, data as Float64Array<ArrayBuffer>);
}

/** What the loops in JavaScript give, and what vectors do. */
function both(f: () => Tensor): readonly [Tensor, Tensor] {
  setSimdAvailable(false);
  const loops = f();
  setSimdAvailable(null);
  setAlwaysVectors(true);
  const vectors = f();
  setAlwaysVectors(null);
  return [loops, vectors];
}

/** The first element that differs in a bit, signs of zeros included. */
function firstDifference([a, b]: readonly [Tensor, Tensor]): string | null {
  for (let i = 0; i < a.data.length; i++) {
    if (!Object.is(a.data[i], b.data[i])) return `${a.data[i]} by loops, ${b.data[i]} by vectors at ${i}`;
  }
  return a.data.length === b.data.length ? null : "other sizes";
}

beforeEach(() => setSimdAvailable(null));

afterEach(() => {
  setAlwaysVectors(null);
  setSimdAvailable(null);
  setWindowLimit(null);
});

/** Where runs are split, where pieces of the window end, and where rows are taken together. */
const REDUCED: readonly Shape[] = [
  ...[1, 3, 255, 257, 263, 270, 511, 512, 515, 1025, 8191, 8193, 20001].map((n) => [n]),
  ...[
    [50, 10],
    [7, 300],
    [2, 20000],
    [300, 3],
    [301, 7],
    [5, 2, 3],
    [3, 100, 5],
    [9, 20, 30],
  ],
];

describe.each(FLOATS)("reductions of %s", (dtype) => {
  test.each([
    ["sum", ops.sum],
    ["mean", ops.mean],
    ["max", ops.max],
    ["min", ops.min],
  ] as const)("%s: the same bits, whatever the sizes", (name, reduced) => {
    for (const shape of REDUCED) {
      for (const isSpecial of [false, true]) {
        const x = numbers(shape, dtype, isSpecial, `${name} ${shape} ${isSpecial}`);
        for (const axes of [undefined, ...shape.map((_, k) => [k])]) {
          expect(firstDifference(both(() => reduced(x, axes)))).toBeNull();
        }
      }
    }
  });

  test("are done by vectors, and right", () => {
    setAlwaysVectors(true);
    // Whole numbers, whose sums are exact: Gauss's.
    const n = 30_000;
    const data = allocate(dtype, n);
    for (let i = 0; i < n; i++) data[i] = i + 1;
    const y = new Float64Array(1);
    expect(isReducedByVectors("add", data, 1, n, 1, y)).toBe(true);
    expect(y[0]).toBe((n * (n + 1)) / 2);
    expect(isReducedByVectors("max", data, 1, n, 1, y)).toBe(true);
    expect(y[0]).toBe(n);
    const columns = new Float64Array(3);
    expect(isReducedByVectors("add", data, 1, n / 3, 3, columns)).toBe(true);
    // 1 + 4 + 7 + ... and so on, from each of three beginnings.
    const first = (n / 3) * ((n - 1) / 2);
    expect([...columns]).toEqual([first, first + n / 3, first + (2 * n) / 3]);
    expect(isReducedByVectors("add", Int32Array.of(1, 2), 1, 2, 1, y)).toBe(false);
  });
});

const STRETCHED: readonly (readonly [Shape, Shape])[] = [
  [[20_001], [20_001]],
  [[20_001], []],
  [
    [2, 9000],
    [2, 1],
  ],
  [[3, 9000], [9000]],
  [[5000, 3], [3]],
  [
    [700, 47],
    [700, 1],
  ],
  [
    [4001, 5],
    [1, 5],
  ],
  [
    [8, 6, 400],
    [6, 1],
  ],
];

describe.each(FLOATS)("elementwise ops on %s", (dtype) => {
  test.each([
    ["add", ops.add],
    ["sub", ops.sub],
    ["mul", ops.mul],
    ["div", ops.div],
    ["scale", ops.scale],
    ["maximum", ops.maximum],
    ["less", ops.less],
    ["floorDivide", ops.floorDivide],
  ] as const)("%s: the same bits, however inputs stretch", (name, op) => {
    for (const [a, b] of STRETCHED) {
      const x = numbers(a, dtype, true, `${name} a ${a}`);
      const y = numbers(b, dtype, true, `${name} b ${b}`);
      expect(firstDifference(both(() => op(x, y)))).toBeNull();
      expect(firstDifference(both(() => op(y, x)))).toBeNull();
    }
  });

  test("parameters, conditions, casts", () => {
    const x = numbers([90, 100], dtype, true, "parameters");
    const r = numbers([100], dtype, true, "row");
    expect(firstDifference(both(() => ops.clamp(x, { min: -0.1, max: 2 })))).toBeNull();
    expect(firstDifference(both(() => ops.where(ops.less(x, r), x, r)))).toBeNull();
    const other = dtype === "float32" ? "float64" : "float32";
    expect(firstDifference(both(() => ops.cast(x, other)))).toBeNull();
    expect(firstDifference(both(() => ops.broadcastTo(r, [90, 100])))).toBeNull();
  });

  test("what the layer's formula is made of, and its gradient's", () => {
    const x = numbers([70, 90], dtype, false, "x");
    const [gamma, beta] = [numbers([90], dtype, false, "gamma"), numbers([90], dtype, false, "beta")];
    const upstream = numbers([70, 90], dtype, false, "upstream");
    for (const layer of [ops.batchNorm, ops.fusedBatchNorm, ops.layerNorm, ops.fusedLayerNorm]) {
      expect(firstDifference(both(() => layer(x, gamma, beta)))).toBeNull();
      for (const which of [0, 1, 2] as const) {
        const bar = (): Tensor => vjp(layer, x, gamma, beta)[1](upstream)[which];
        expect(firstDifference(both(bar))).toBeNull();
      }
    }
  });
});

const flat = { dtype: "float64", isMoving: true } as const;

test("a loop by vectors is there where it changes nothing, and only there", () => {
  const [x, y] = [s.input(0), s.input(1)];
  const loop = VectorLoop.of(s.mul(x, y), [flat, flat], "float64")!;
  const result = new Float64Array(5);
  const rows = [
    { data: Float64Array.of(1, 2, 3, 4, 5), start: 0, stride: 0 },
    { data: Float64Array.of(7, 2, 3, 4, 5, 6), start: 1, stride: 0 },
  ];
  expect(loop.run(result, 0, 1, 5, {}, rows)).toBe(true);
  expect([...result]).toEqual([2, 6, 12, 20, 30]);
  // Others would not be the same here and where there is no WebAssembly.
  for (const f of [s.exp, s.log, s.tanh, s.erf, s.sin])
    expect(VectorLoop.of(f(x), [flat], "float64")).toBeNull();
  const own = { name: "sqrt", f: Math.sqrt };
  expect(VectorLoop.of(s.call(own, x), [flat], "float64")).toBeNull();
  expect(VectorLoop.of(s.add(x, y), [flat, flat], "int32")).toBeNull();
});

test("float32 is computed in float32 where only the last step rounds", () => {
  const [x, y] = [s.input(0), s.input(1)];
  const isSame = (f: Parameters<typeof isSameInFloat32>[0]): boolean =>
    isSameInFloat32(f, ["float32", "float32"]);
  const product = s.mul(x, y);
  expect(isSame(product)).toBe(true);
  expect(isSame(s.max(s.neg(product), 0))).toBe(true);
  expect(isSame(s.select(s.eq(product, product), product, 0))).toBe(true);
  expect(isSame(s.add(product, 1))).toBe(false);
  expect(isSame(s.lt(product, 1))).toBe(false);
  expect(isSame(s.floor(product))).toBe(false);
  // 0.1 is another number in float32.
  expect(isSame(s.mul(x, 0.1))).toBe(false);
  expect(isSame(s.max(x, s.parameter("least")))).toBe(false);
});

test("where memory does not grow, or there are no vectors, loops do it", () => {
  setAlwaysVectors(true);
  const x = numbers([300, 100], "float64", false, "memory");
  const expected = [ops.add(x, x).data, ops.sum(x, [0]).data];
  setWindowLimit(1000);
  expect([ops.add(x, x).data, ops.sum(x, [0]).data]).toEqual(expected);
  expect(isReducedByVectors("add", x.data, 1, 300, 100, new Float64Array(100))).toBe(false);
  setWindowLimit(null);
  setSimdAvailable(false);
  expect(isSimdAvailable()).toBe(false);
  expect([ops.add(x, x).data, ops.sum(x, [0]).data]).toEqual(expected);
  expect(isReducedByVectors("add", x.data, 1, 300, 100, new Float64Array(100))).toBe(false);
});
