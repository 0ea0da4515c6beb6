/** Kind jit_retrace: what a compiled function must not remember, and what it must not forget. */
import { describe, expect, test } from "vitest";
import { add, compile, equal, grad, mul, square, type Tensor, tensor } from "../../src/index.ts";
import { entryOf } from "./entry.ts";

describe("jit_retrace", () => {
  test("BR-237: a number that is passed is no constant; one that is closed over is, and is listed", () => {
    const { x, expected } = entryOf("jit_retrace", "BR-237");
    const cs = [...x["c"]!.data].map((c) => tensor(c, { dtype: "float32" }));
    const passed = compile((t: Tensor, c: Tensor) => add(t, c));
    expect(cs.map((c) => passed(x["x"]!, c).toArray())).toEqual(expected["value"]);
    expect(passed.stats()).toMatchObject({ traces: 1, constants: [] });
    // Made anew for each, as the closure is.
    expect(cs.map((c) => compile((t: Tensor) => add(t, c))(x["x"]!).toArray())).toEqual(expected["value"]);
    // The documented restriction: one function, whose closure changes.
    let c = tensor([1, 1], { dtype: "float32" });
    const closed = compile((t: Tensor) => add(t, c));
    closed(x["x"]!);
    c = tensor([2, 2], { dtype: "float32" });
    expect(closed(x["x"]!).toArray()).toEqual((expected["value"] as unknown[])[0]);
    expect(closed.stats().constants).toEqual(["float32[2]"]);
  });

  test("BR-239: two results share no memory", () => {
    const { x, expected } = entryOf("jit_retrace", "BR-239");
    const f = compile((t: Tensor) => add(t, 1));
    const [r1, r2] = [f(x["a1"]!), f(x["a2"]!)];
    expect(equal(r1, r2).toArray()).toEqual(expected["value"]);
    expect(r1.data[0]).toBeCloseTo((expected["r1"] as number[])[0]!, 6);
    expect(r2.data[0]).toBeCloseTo((expected["r2"] as number[])[0]!, 6);
  });

  test("BR-240: gradients of compiled micro-batches are values, and are added by whoever wants that", () => {
    const { x, input, expected } = entryOf("jit_retrace", "BR-240");
    const step = compile((w: Tensor, t: Tensor | number) => grad((u: Tensor) => square(mul(u, t)))(w)[0]);
    const inside = compile((w: Tensor, t: Tensor | number, sum: Tensor) => add(sum, step(w, t)));
    const bars = (input["xs"] as number[]).map((t) => step(x["w"]!, t));
    const { w } = expected["grad"] as { readonly w: number };
    expect(bars.reduce((a, b) => add(a, b)).item()).toBe(w);
    let total = tensor(0);
    for (const t of input["xs"] as number[]) total = inside(x["w"]!, t, total);
    expect(total.item()).toBe(w);
  });
});
