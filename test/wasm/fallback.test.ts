import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { allocate } from "../../graph/dtype.ts";
import { add, matmul, sum } from "../../ops/index.ts";
import { isRelaxedSimdAvailable, isSimdAvailable, setSimdAvailable } from "../../ops/kernels/wasm/engine.ts";
import { simdProducts } from "../../ops/kernels/wasm/product/product.ts";
import { isReducedByVectors } from "../../ops/kernels/wasm/reduce/reduce.ts";
import { setWindowLimit, windowOf } from "../../ops/kernels/wasm/window.ts";
import { setAlwaysVectors } from "../../ops/kernels/wasm/worth.ts";
import { fromData, type Tensor } from "../../src/index.ts";
import { stream } from "../../src/random/stream.ts";
import { assembled } from "./witness.ts";

function matrix(rows: number, columns: number, label: string): Tensor {
  const from = stream(9, "data", label);
  return fromData(
    [rows, columns],
    "float64",
    Float64Array.from(new Array(rows * columns), () => from.gaussian()),
  );
}

const [m, k, n] = [40, 60, 50];
const [x, w] = [matrix(m, k, "x"), matrix(k, n, "w")];
const ones = fromData([m, k], "float64", new Float64Array(m * k).fill(1));
const expected = Array.from({ length: m * n }, (_, at) => {
  let sum = 0;
  for (let p = 0; p < k; p++) sum += x.data[Math.floor(at / n) * k + p]! * w.data[p * n + (at % n)]!;
  return sum;
});

/** Whether the vector kernels did it. */
function byVectors(): boolean {
  const [a, b] = [x, w].map(({ data }) => ({ data, starts: new Int32Array(1) }));
  return simdProducts("float64", a!, b!, allocate("float64", m * n), { m, k, n });
}

beforeEach(() => setSimdAvailable(null));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  setAlwaysVectors(null);
  setSimdAvailable(null);
  setWindowLimit(null);
});

test("here, there are vector kernels", () => {
  expect(isSimdAvailable()).toBe(true);
  expect(byVectors()).toBe(true);
  expect([...matmul(x, w).data]).toEqual(expected);
});

class Refusing {
  constructor() {
    throw new Error("Wasm code generation disallowed by embedder");
  }
}

describe.each<[string, () => void]>([
  ["they are switched off", () => setSimdAvailable(false)],
  ["there is no WebAssembly", () => vi.stubGlobal("WebAssembly", undefined)],
  ["a page forbids compiling", () => vi.stubGlobal("WebAssembly", { ...engineParts(), Module: Refusing })],
  ["there is no memory", () => vi.stubGlobal("WebAssembly", { ...engineParts(), Memory: Refusing })],
])("where %s", (_, take) => {
  test("the loops do the same", () => {
    take();
    expect(isSimdAvailable()).toBe(false);
    expect(isRelaxedSimdAvailable()).toBe(false);
    expect(byVectors()).toBe(false);
    expect([...matmul(x, w).data]).toEqual(expected);
    setAlwaysVectors(true);
    expect(isReducedByVectors("add", x.data, m, k, 1, new Float64Array(m))).toBe(false);
    expect([...sum(ones, [0]).data]).toEqual(new Array(k).fill(m));
    expect([...add(ones, ones).data]).toEqual(new Array(m * k).fill(2));
  });
});

function engineParts(): object {
  const { Module, Instance, Memory, validate } = WebAssembly;
  return { Module, Instance, Memory, validate };
}

describe("memory that does not grow", () => {
  // More than any other test of this file has made it.
  const tall = 20_000;
  const a = { data: new Float64Array(tall * 50).fill(1), starts: new Int32Array(1) };
  const b = { data: new Float64Array(50 * 300).fill(2), starts: new Int32Array(1) };
  const sizes = { m: tall, k: 50, n: 300 };

  test("because it is not allowed to: the loops do it, and smaller ones go on", () => {
    setWindowLimit(2 ** 17);
    const y = new Float64Array(tall * 300);
    expect(simdProducts("float64", a, b, y, sizes)).toBe(false);
    expect(y.every((v) => v === 0)).toBe(true);
    const ones = fromData([tall, 50], "float64", a.data);
    expect(matmul(ones, fromData([50, 300], "float64", b.data)).data[tall]).toBe(100);
    expect(byVectors()).toBe(true);
    setWindowLimit(null);
    expect(simdProducts("float64", a, b, y, sizes)).toBe(true);
    expect(y.every((v) => v === 100)).toBe(true);
  });

  test("no more is needed than is asked for, whatever the sizes", async () => {
    // A memory of its own, which begins with one page: what is missing would be out of bounds at one size or another.
    vi.resetModules();
    const fresh = await import("../../ops/kernels/wasm/product/product.ts");
    const ones = { data: new Float64Array(5e5).fill(1), starts: new Int32Array(1) };
    for (let size = 1; size <= 300; size++) {
      for (const [rows, inner, columns] of [
        [5, 1, 40 * size],
        [size, size, 5],
        [5, size, size],
      ] as const) {
        const y = new Float64Array(rows * columns);
        const shape = { m: rows, k: inner, n: columns };
        for (const transposed of [false, true]) {
          expect(
            fresh.simdProducts("float64", { ...ones, transposed }, { ...ones, transposed }, y, shape),
          ).toBe(true);
        }
        expect(y[y.length - 1]).toBe(inner);
      }
    }
  });

  test("because the engine has none", () => {
    const { byteLength } = windowOf(1)!.memory.buffer;
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(() => {
      throw new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory");
    });
    expect(windowOf(byteLength + 1)).toBeNull();
    expect(grow).toHaveBeenCalledOnce();
    expect(windowOf(byteLength)!.memory.buffer.byteLength).toBe(byteLength);
    grow.mockRestore();
    const window = windowOf(byteLength + 1)!;
    expect(window.memory.buffer.byteLength).toBe(byteLength + 65536);
    expect(window.float64.length * 8).toBe(byteLength + 65536);
  });
});

test("relaxed vectors are there where the engine takes them", () => {
  const text = `(module (func (param v128) (result v128)
    local.get 0 local.get 0 local.get 0 f32x4.relaxed_madd))`;
  expect(isRelaxedSimdAvailable()).toBe(WebAssembly.validate(new Uint8Array(assembled(text))));
});
