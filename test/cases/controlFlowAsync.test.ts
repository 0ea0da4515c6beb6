/** Kind control_flow_async: functions are synchronous, and those that are not are refused where it is noticed. */
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  compile,
  grad,
  jvp,
  mean,
  mul,
  record,
  type Tensor,
  valueAndGrad,
  vjp,
} from "../../src/index.ts";
import { entryOf } from "./entry.ts";

type Loss = (t: Tensor) => Tensor;

/** As JavaScript's users write it: the type would have objected. */
const asynchronous = (f: (t: Tensor) => Promise<Tensor>): Loss => f as unknown as Loss;

const TRANSFORMS: readonly (readonly [name: string, run: (f: Loss, x: Tensor) => unknown])[] = [
  ["grad", (f, x) => grad(f)(x)],
  ["valueAndGrad", (f, x) => valueAndGrad(f)(x)],
  ["vjp", (f, x) => vjp(f, x)],
  ["jvp", (f, x) => jvp(f, [x], [x])],
  ["record", (f, x) => record(f, x)],
  ["compile", (f, x) => compile(f)(x)],
  ["compile of grad", (f, x) => compile((t: Tensor) => grad(f)(t)[0])(x)],
];

describe("control_flow_async", () => {
  test.each(TRANSFORMS)("BR-243: %s refuses a promise at once", (_, run) => {
    const { x } = entryOf("control_flow_async", "BR-243");
    const f = asynchronous(async (t) => mean(t));
    expect(() => run(f, x["x"]!)).toThrow(ArgumentError);
    expect(() => run(f, x["x"]!)).toThrow(
      /to be a tensor or a tree of tensors, got a promise; .*await before/,
    );
    // One that fails later does not fail anything else.
    const failing = asynchronous(async () => Promise.reject(new Error("later")));
    expect(() => run(failing, x["x"]!)).toThrow("got a promise");
  });

  test("BR-244: tasks that overlap, each with compiled and traced functions of its own, do not mix", async () => {
    const { input } = entryOf("control_flow_async", "BR-244");
    const shared = compile((t: Tensor, k: Tensor | number) => mul(t, k));
    const { x } = entryOf("control_flow_async", "BR-243");
    const task = async (k: number): Promise<number[]> => {
      const seen: number[] = [];
      let t = x["x"]!;
      for (let turn = 0; turn < 3; turn++) {
        const two = mul(t, 2);
        await Promise.resolve();
        t = shared(two, mul(two, k));
        const [bar] = grad((u: Tensor) => mean(mul(u, k)))(t);
        await new Promise((resolve) => setTimeout(resolve, 0));
        seen.push(Math.round(bar.data[0]! * 3));
      }
      return seen;
    };
    const tasks = Array.from({ length: Number(input["tasks"]) }, (_, k) => task(k + 1));
    expect(await Promise.all(tasks)).toEqual(tasks.map((_, k) => [k + 1, k + 1, k + 1]));
  });

  test("BR-245: numbers are there when they are read, now or later", async () => {
    const { x, expected } = entryOf("control_flow_async", "BR-245");
    for (const y of [mul(x["x"]!, 1), compile((t: Tensor) => mul(t, 1))(x["x"]!)]) {
      expect([...y.data]).toEqual(expected["value"]);
      expect(await Promise.resolve(y).then((t) => t.toArray())).toEqual(expected["value"]);
    }
  });

  test("BR-246: a function that trains, and so returns a promise, is refused", () => {
    const { input } = entryOf("control_flow_async", "BR-246");
    const { x } = entryOf("control_flow_async", "BR-243");
    const fit = asynchronous(async (t) => {
      let w = t;
      for (let epoch = 0; epoch < Number(input["epochs"]); epoch++) w = mul(await Promise.resolve(w), 0.5);
      return w;
    });
    for (const [, run] of TRANSFORMS) expect(() => run(fit, x["x"]!)).toThrow("await before, not inside");
  });
});
