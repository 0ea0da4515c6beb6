/** What tracing sees, says and refuses. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setSimdAvailable } from "../../ops/kernels/wasm/engine.ts";
import { forgetWarnings } from "../../src/compile/stats.ts";
import {
  ArgumentError,
  add,
  batchNorm,
  compile,
  cumsum,
  exp,
  grad,
  less,
  matmul,
  mul,
  named,
  ones,
  reshape,
  sum,
  type Tensor,
  TraceError,
  tensor,
  vjp,
  where,
} from "../../src/index.ts";

const x = tensor([1, 2, 3]);
let warnings: string[] = [];

beforeEach(() => {
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => {
    warnings.push(text);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  setSimdAvailable(null);
});

describe("numbers are not known while f is traced", () => {
  test.each<[string, (t: Tensor) => unknown]>([
    ["item", (t) => (sum(t).item() > 0 ? t : mul(t, 2))],
    ["data", (t) => mul(t, t.data[0]!)],
    ["toArray", (t) => tensor(t.toArray() as number[])],
    ["toTypedArray", (t) => tensor(t.toTypedArray())],
    ["toString", (t) => (`${t}` === "" ? t : mul(t, 2))],
    ["JSON", (t) => (JSON.stringify(t) === "" ? t : mul(t, 2))],
  ])("%s: an error that names the line", (_, f) => {
    const compiled = compile(f as (t: Tensor) => Tensor);
    expect(() => compiled(x)).toThrow(TraceError);
    expect(() => compiled(x)).toThrow(/tracing\.test\.ts:\d+/);
    expect(() => compiled(x)).toThrow(/where\(cond, a, b\)/);
    expect(compiled.stats()).toMatchObject({ calls: 0, traces: 0 });
  });

  test("a condition of JavaScript is refused too", () => {
    const f = compile((t: Tensor) => (Number(sum(t)) > 0 ? t : mul(t, 2)));
    expect(() => f(x)).toThrow(/which is being recorded|tracing\.test\.ts:\d+/);
  });

  test("await is refused, and what comes of it later is nobody's business", () => {
    const f = compile((async (t: Tensor) => mul(await t, 2)) as unknown as (t: Tensor) => Tensor);
    expect(() => f(x)).toThrow(ArgumentError);
    expect(() => f(x)).toThrow("await before, not inside");
  });

  test("shapes, ranks and dtypes are: each kind gets its own code", () => {
    const f = compile((t: Tensor) => (t.rank === 1 ? mul(t, t.size) : sum(t)));
    expect([...f(x).data]).toEqual([3, 6, 9]);
    expect(f(reshape(x, [3, 1])).item()).toBe(6);
    expect([...f(x).data]).toEqual([3, 6, 9]);
    expect(f.stats().traces).toBe(2);
  });

  test("choosing by where takes both, and the one that is not taken does no harm", () => {
    const f = compile((t: Tensor) => grad((u: Tensor) => sum(where(less(u, 9), exp(u), u)))(t)[0]);
    const bars = f(tensor([0, 1000])).data;
    expect([...bars]).toEqual([1, 1]);
  });

  test("an error of f's own comes through, and the next call traces again", () => {
    let fails = true;
    const f = compile((t: Tensor) => {
      if (fails) throw new RangeError("mine");
      return mul(t, 2);
    });
    expect(() => f(x)).toThrow("mine");
    fails = false;
    expect([...f(x).data]).toEqual([2, 4, 6]);
  });
});

describe("what f closes over", () => {
  test("is a constant from then on, and said to be", () => {
    let offset = named(tensor([10, 20, 30]), "offset");
    const scale = ones([3]);
    const f = compile((t: Tensor) => add(mul(mul(t, 2), scale), offset));
    expect([...f(x).data]).toEqual([12, 24, 36]);
    offset = tensor([0, 0, 0]);
    expect([...f(x).data]).toEqual([12, 24, 36]);
    // Equal numbers too; what is written in the formula is not.
    expect([...f.stats().constants].sort()).toEqual(["float64[3]", "offset: float64[3]"]);
  });

  test("numbers that change are for arguments", () => {
    const f = compile((t: Tensor, c: Tensor | number) => add(t, c));
    expect([1, 2, 3].map((c) => f(x, c).data[0])).toEqual([2, 3, 4]);
    expect(f.stats()).toMatchObject({ traces: 1, constants: [] });
  });
});

describe("retraces", () => {
  test("are counted, and the argument that keeps changing is named, once", () => {
    const step = compile(function step(p: { readonly w: Tensor }, batch: Tensor): Tensor {
      return sum(mul(p.w, sum(batch)));
    });
    for (let n = 1; n <= 20; n++) step({ w: x }, ones([n]));
    expect(step.stats()).toMatchObject({ calls: 20, traces: 20 });
    expect(step.stats().retraces).toHaveLength(19);
    expect(step.stats().retraces[18]).toBe("input [1]: float64[19], then float64[20]");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^compile: step has been traced 9 times, because input \[1\] keeps changing/);
    // Kinds that there were are not traced again.
    for (let n = 20; n >= 1; n--) step({ w: x }, ones([n]));
    expect(step.stats()).toMatchObject({ calls: 40, traces: 20 });
    expect(warnings).toHaveLength(1);
  });

  test("a few are nothing to speak of", () => {
    const f = compile((t: Tensor) => sum(t));
    for (let n = 1; n <= 5; n++) f(ones([n]));
    expect(warnings).toEqual([]);
  });
});

describe("without vectors in WebAssembly", () => {
  test("f itself is called; that is said once", () => {
    forgetWarnings();
    setSimdAvailable(false);
    const traced: boolean[] = [];
    const f = (t: Tensor, c: Tensor | number): Tensor => {
      traced.push(t.place !== null);
      return mul(t, c);
    };
    const [a, b] = [compile(f), compile(f)];
    expect([...a(x, 2).data, ...a(x, 3).data, ...b(x, 4).data]).toEqual([2, 4, 6, 3, 6, 9, 4, 8, 12]);
    // Choosing by numbers is no error then.
    expect(compile((t: Tensor) => (sum(t).item() > 0 ? t : mul(t, 2)))(x)).toBe(x);
    expect(traced).toEqual([false, false, false]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("no WebAssembly with 128-bit vectors");
    expect(a.stats()).toMatchObject({ calls: 0, traces: 0, bytes: 0 });
    expect(a.explain()).toContain("not compiled yet");
  });
});

describe("what is said of what was compiled", () => {
  const shapes = { x: [64, 100], gamma: [100] };
  const batch = ones(shapes.x);

  test("batch norm and its gradient are four loops: twice down the columns, over these, and over all", () => {
    const f = compile((t: Tensor, gamma: Tensor, beta: Tensor, g: Tensor) => {
      const [y, back] = vjp((...u: readonly [Tensor, Tensor, Tensor]) => batchNorm(...u), t, gamma, beta);
      return [y, ...back(g)];
    });
    f(batch, ones(shapes.gamma), ones(shapes.gamma), batch);
    const { loops, products, kernels, traces, bytes } = f.stats();
    expect({ loops, products, kernels, traces }).toEqual({ loops: 4, products: 0, kernels: [], traces: 1 });
    expect(bytes).toBeGreaterThan(3 * 64 * 100 * 8);
    const text = f.explain();
    expect(text.match(/over \[64, 100\]/g)).toHaveLength(3);
    expect(text.match(/over \[100\]/g)).toHaveLength(1);
    // Two reductions share each of the two walks.
    expect(text.match(/along axis 0 of/g)).toHaveLength(4);
    expect(text).toMatch(/mean along axis 0 of/);
  });

  test("products, kernels and why, and what is in place", () => {
    const f = compile((t: Tensor, w: Tensor) => {
      const y = matmul(t, w);
      return [y, add(y, 1)];
    });
    f(ones([2, 3]), ones([3, 4]));
    expect(f.stats()).toMatchObject({ products: 1, loops: 1, kernels: [] });
    expect(f.explain()).toContain("a product [2, 3] by [3, 4]");
    const g = compile((t: Tensor) => cumsum(t, 0));
    g(x);
    expect(g.stats().kernels).toEqual([{ op: "cumsum", because: "its lowering is its own kernel" }]);
    expect(g.explain()).toContain("by its own kernel: its lowering is its own kernel");
  });
});
