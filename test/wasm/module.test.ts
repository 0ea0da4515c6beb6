import { describe, expect, test } from "vitest";
import {
  encodeModule,
  type Func,
  f32,
  f64,
  f64x2,
  func,
  i32,
  i64,
  i64x2,
  type Label,
} from "../../ops/kernels/wasm/encoder/index.ts";
import { productFunctions } from "../../ops/kernels/wasm/product/kernels.ts";
import { assembled, disassembled } from "./witness.ts";

type Exports = Readonly<Record<string, (...x: number[]) => number>>;

function compiled(functions: readonly Func[], memory = new WebAssembly.Memory({ initial: 1 })): Exports {
  const module = new WebAssembly.Module(encodeModule(functions));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
}

test("another implementation writes the same bytes", () => {
  const f = func("f", ["i32", "f64"], (body, at, x) => {
    const y = body.local("f64x2");
    body.set(y, f64x2.splat(x));
    body.loop((again) => {
      body.store(at, f64x2.add(y, f64x2.load(at, 300)), 16);
      body.set(at, i32.add(at, i32.const(-128)));
      body.branchIf(again, i32.gtS(at, i32.const(0)));
    });
    body.result(at);
  });
  const text = `(module
    (type (func (param i32 f64) (result i32)))
    (import "env" "memory" (memory 3))
    (func (type 0) (local v128)
      local.get 1 f64x2.splat local.set 2
      loop
        local.get 0 local.get 2 local.get 0 v128.load offset=300 f64x2.add v128.store offset=16
        local.get 0 i32.const -128 i32.add local.set 0
        local.get 0 i32.const 0 i32.gt_s br_if 0
      end
      local.get 0)
    (export "f" (func 0)))`;
  expect([...encodeModule([f], 3)]).toEqual([...assembled(text)]);
});

describe("constants", () => {
  const integers = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)];
  test.each(integers)("i32 %d", (value) => {
    const { f } = compiled([func("f", [], (body) => body.result(i32.const(value)))]);
    expect(f!()).toBe(value);
  });

  test.each([...integers, 2 ** 53, -(2 ** 53), 2n ** 63n - 1n, -(2n ** 63n)])("i64 %d", (value) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { f } = compiled([func("f", ["i32"], (body, at) => body.store(at, i64.const(value)))], memory);
    f!(8);
    expect(new BigInt64Array(memory.buffer)[1]).toBe(BigInt(value));
  });

  const floats = [0, -0, 1.5, -2.25, 5e-324, 1e-40, 3e38, 1e308, Number.NaN, Infinity, -Infinity];
  test.each(floats)("f64 and f32 %d", (value) => {
    const { f, g } = compiled([
      func("f", [], (body) => body.result(f64.const(value))),
      func("g", [], (body) => body.result(f32.const(value))),
    ]);
    expect(f!()).toBe(value);
    expect(g!()).toBe(Math.fround(value));
  });
});

describe("control", () => {
  const { sum, sign, first, nested } = compiled([
    func("sum", ["i32"], (body, n) => {
      const total = body.local("i32");
      body.block((leave) => {
        body.loop((again) => {
          body.branchIf(leave, i32.eqz(n));
          body.set(total, i32.add(total, n));
          body.set(n, i32.sub(n, i32.const(1)));
          body.branch(again);
        });
      });
      body.result(total);
    }),
    func("sign", ["f64"], (body, x) => {
      const y = body.keep(f64.const(0));
      body.if(
        f64.gt(x, f64.const(0)),
        () => body.set(y, f64.const(1)),
        () => body.if(f64.lt(x, f64.const(0)), () => body.set(y, f64.const(-1))),
      );
      body.result(y);
    }),
    // The place of the first number above a bound, or -1: leaves a loop and a block from within an if.
    func("first", ["i32", "f64"], (body, count, bound) => {
      const [at, found] = [body.local("i32"), body.keep(i32.const(-1))];
      body.block((leave) => {
        body.loop((again) => {
          body.branchIf(leave, i32.geS(at, count));
          body.if(f64.gt(f64.load(i32.shl(at, i32.const(3))), bound), () => {
            body.set(found, at);
            body.branch(leave);
          });
          body.set(at, i32.add(at, i32.const(1)));
          body.branch(again);
        });
      });
      body.result(found);
    }),
    func("nested", ["i32"], (body, depth) => {
      const reached = body.local("i32");
      body.block((outer) => {
        body.block((middle) => {
          body.block((inner) => {
            body.branchIf(inner, i32.eq(depth, i32.const(0)));
            body.branchIf(middle, i32.eq(depth, i32.const(1)));
            body.branch(outer);
          });
          body.set(reached, i32.add(reached, i32.const(1)));
        });
        body.set(reached, i32.add(reached, i32.const(10)));
      });
      body.result(reached);
    }),
  ]);

  test("a loop is left and begun again", () => {
    expect([0, 1, 10, 1000].map((n) => sum!(n))).toEqual([0, 1, 55, 500500]);
  });

  test("one of two ways", () => {
    expect([3, -2, 0, Number.NaN].map((x) => sign!(x))).toEqual([1, -1, 0, 0]);
  });

  test("out of a loop", () => {
    expect(first!(8, 0)).toBe(-1);
    expect(first!(8, -1)).toBe(0);
  });

  test("labels are counted from where the branch is", () => {
    expect([0, 1, 2].map((depth) => nested!(depth))).toEqual([11, 10, 0]);
  });

  test("a branch to what is closed, or of another function, is refused", () => {
    let closed: Label | undefined;
    func("f", [], (body) => {
      body.block((label) => {
        closed = label;
      });
      expect(() => body.branch(closed!)).toThrow(RangeError);
      body.block(() => {
        expect(() => body.branch(closed!)).toThrow(RangeError);
      });
    });
  });
});

test("numbers of functions, variables and offsets that take two bytes", () => {
  const functions = Array.from({ length: 200 }, (_, i) =>
    func(`f${i}`, ["i32"], (body, x) => {
      let y = body.keep(x);
      for (let k = 0; k < 150; k++) y = body.keep(i32.add(y, i32.const(1)));
      body.store(i32.const(0), y, 1000);
      body.result(i32.add(i32.load(i32.const(0), 1000), i32.const(i)));
    }),
  );
  expect(compiled(functions)["f199"]!(1)).toBe(1 + 150 + 199);
});

test("vectors are stored, read and taken apart in the order of their lanes", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { f } = compiled(
    [
      func("f", ["i32"], (body, at) => {
        const x = body.keep(f64x2.const(1, 2));
        body.store(at, f64x2.shuffle(x, f64x2.const(3, 4), [1, 2]));
        body.store(at, i64x2.shl(i64x2.const(1, -1), i32.const(4)), 16);
        body.result(f64x2.lane(x, 1));
      }),
    ],
    memory,
  );
  expect(f!(0)).toBe(2);
  expect([...new Float64Array(memory.buffer, 0, 2)]).toEqual([2, 3]);
  expect([...new BigInt64Array(memory.buffer, 16, 2)]).toEqual([16n, -16n]);
});

test.each(["float32", "float64"] as const)("the kernels of products of %s are valid", (dtype) => {
  const text = disassembled(encodeModule(productFunctions(dtype)));
  expect(text).toContain(dtype === "float32" ? "f32x4.mul" : "f64x2.mul");
  expect(text).not.toContain("relaxed");
});
