/**
 * Kinds backward_twice, mutation_detach and no_grad_scope: walks that are taken again, and what becomes of values
 * before, meanwhile and afterwards.
 */
import { describe, expect, test } from "vitest";
import { ArgumentError } from "../../graph/errors.ts";
import { Tensor } from "../../graph/index.ts";
import * as ops from "../../ops/index.ts";
import { grad, jvp, tensor, valueAndGrad, vjp } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers, vector } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { entryOf } from "./entry.ts";

const { add, crossEntropy, mul, pow, square, stopGradient, sub, sum } = ops;

describe("backward_twice", () => {
  test("BR-145: a pullback may be called again, and starts afresh", () => {
    const { x, expected } = entryOf("backward_twice", "BR-145");
    const f = (t: Tensor): Tensor => {
      const y = mul(3, t);
      return mul(y, y);
    };
    const [, back] = vjp(f, x["x"]!);
    const [first] = back(1);
    const [second] = back(1);
    const { x: after1 } = expected["grad_after_1"] as { x: number };
    expect([first.item(), second.item()]).toEqual([after1, after1]);
    // Whoever wants them added adds them.
    expect(add(first, second).item()).toBe((expected["grad_after_2"] as { x: number }).x);
  });

  test("BR-146: nothing has to be retained", () => {
    const { x, expected } = entryOf("backward_twice", "BR-146");
    const [, back] = vjp((t: Tensor) => pow(t, 3), x["x"]!);
    const bars = [back(1), back(1), back(2), back(1)].map(([bar]) => bar.item());
    const { x: after1 } = expected["grad_after_1"] as { x: number };
    expect(bars).toEqual([after1, after1, 2 * after1, after1]);
  });

  test("BR-148: micro-batches add up to the batch", () => {
    const { x, expected } = entryOf("backward_twice", "BR-148");
    const [w, samples, targets] = [x["w"]!, x["x"]!, x["t"]!];
    const part = (k: number) => {
      return (u: Tensor): Tensor =>
        sum(square(sub(mul(u, ops.slice(samples, [k])), ops.slice(targets, [k]))));
    };
    const whole = (u: Tensor): Tensor => sum(square(sub(mul(u, samples), targets)));
    const { w: wBar } = expected["grad"] as { w: number };
    expect(add(grad(part(0))(w)[0], grad(part(1))(w)[0]).item()).toBe(wBar);
    expect(grad(whole)(w)[0].item()).toBe(wBar);
  });
});

describe("mutation_detach", () => {
  test("BR-150: what the caller does to its arrays changes nothing that was recorded", () => {
    const { expected } = entryOf("mutation_detach", "BR-150");
    expect(expected["accept"]).toContain("grad x = 2*6*2 = 24 and grad w = 2*6*3 = 36");
    const given = Float64Array.of(2);
    const nestedGiven = [3];
    const [w, x] = [tensor(given), tensor(nestedGiven)];
    const [value, back] = vjp((u: Tensor, v: Tensor) => sum(square(mul(u, v))), w, x);
    given[0] = 5;
    nestedGiven[0] = 7;
    w.toTypedArray()[0] = 5;
    expect(value.item()).toBe(36);
    expect(back(1).map((bar) => bar.item())).toEqual([36, 24]);
    // A result is the caller's own: writing to it reaches neither inputs nor another walk.
    const written = back(1)[0].toTypedArray();
    written[0] = 99;
    expect(back(1).map((bar) => bar.item())).toEqual([36, 24]);
    expect(w.item()).toBe(2);
  });

  test("BR-151: nothing is detached in place; a stopped value is another one", () => {
    const { x, expected } = entryOf("mutation_detach", "BR-151");
    const f = (a: Tensor): Tensor => {
      const b = mul(2, a);
      const c = sum(b);
      const stopped = stopGradient(b);
      expect(stopped).not.toBe(b);
      return add(c, sum(mul(0, stopped)));
    };
    expectClose(grad(f)(x["a"]!)[0], stored((expected["grad"] as { a: unknown }).a), 0);
  });

  test("BR-153: a loss leaves its logits alone", () => {
    const { x, expected } = entryOf("mutation_detach", "BR-153");
    const z = x["z"]!;
    const [loss, back] = vjp((t: Tensor) => crossEntropy(t, 0), z);
    back(1);
    expect(loss.item()).toBeCloseTo(Number(expected["loss"]), 14);
    expect(numbers(z)).toEqual(expected["z_after"]);
    expect(sum(mul(z, z)).item()).toBe(expected["second_value"]);
    const both = (t: Tensor): Tensor => add(crossEntropy(t, 0), sum(mul(t, t)));
    const e = [1, 2, 3].map((v) => Math.exp(v) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));
    expectClose(grad(both)(z)[0], vector([e[0]! - 1 + 2, e[1]! + 4, e[2]! + 6]), 1e-14);
  });

  test("BR-155: there is nothing to dispose of", () => {
    const { x } = entryOf("mutation_detach", "BR-155");
    for (const name of ["dispose", "delete", "free", "ref", "detach_", "set"]) {
      expect(name in Tensor.prototype).toBe(false);
    }
    expect(grad((w: Tensor) => sum(mul(w, 2)))(x["w"]!)[0].item()).toBe(2);
  });

  test("BR-156: a stopped value as a leaf of its own", () => {
    const { x, expected } = entryOf("mutation_detach", "BR-156");
    const [W1, W2, input] = [x["W1"]!, x["W2"]!, x["x"]!];
    const detached = mul(input, W1);
    const loss = (h: Tensor, w: Tensor): Tensor => square(mul(h, w));
    const [value, [hBar, w2Bar]] = valueAndGrad(loss)(detached, W2);
    const { W2: w2Expected, hd } = expected["grad"] as { W2: number; hd: number };
    expect([value.item(), hBar.item(), w2Bar.item()]).toEqual([expected["value"], hd, w2Expected]);
    // Within one function: stopGradient.
    const whole = (a: Tensor, b: Tensor): Tensor => loss(stopGradient(mul(input, a)), b);
    expect(grad(whole)(W1, W2).map((bar) => bar.item())).toEqual([0, w2Expected]);
  });
});

describe("no_grad_scope", () => {
  // No switch turns recording off: what is not to be differentiated is closed over, or stopped.

  test("BR-157: a function that throws leaves nothing behind", () => {
    const { x, expected } = entryOf("no_grad_scope", "BR-157");
    const leaked: Tensor[] = [];
    const failing = (t: Tensor): Tensor => {
      leaked.push(mul(stopGradient(t), 2));
      grad((u: Tensor) => {
        leaked.push(mul(u, t));
        throw new Error("within");
      })(t);
      return t;
    };
    for (const transform of [grad(failing), (t: Tensor) => jvp(failing, [t], [tensor(1)])]) {
      expect(() => transform(x["x"]!)).toThrow("within");
    }
    const [value, [xBar]] = valueAndGrad((t: Tensor) => mul(t, t))(x["x"]!);
    expect(value.item()).toBe(expected["value"]);
    expect(xBar.item()).toBe((expected["grad"] as { x: number }).x);
    // What got out is the value it had.
    expect(leaked.map((t) => add(t, 0).item())).toEqual([6, 9, 6, 9]);
    expect(grad((t: Tensor) => mul(t, leaked[1]!))(x["x"]!)[0].item()).toBe(9);
  });

  test("BR-158: a task that waits holds nothing up; asynchronous functions are refused", async () => {
    const { x, expected } = entryOf("no_grad_scope", "BR-158");
    expect(expected["accept"]).toContain("grad x = 6 while the task is pending");
    let wake: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const f = (t: Tensor): Tensor => mul(t, t);
    const task = (async (): Promise<number> => {
      const before = mul(stopGradient(x["x"]!), 2);
      await waiting;
      return add(before, grad(f)(x["x"]!)[0]).item();
    })();
    expect(grad(f)(x["x"]!)[0].item()).toBe(6);
    wake();
    expect(await task).toBe(12);

    // A promise is no tensor, to the compiler or at run time.
    const later = (async (t: Tensor): Promise<Tensor> => mul(t, t)) as unknown;
    const steps = function* (t: Tensor): Generator<Tensor> {
      yield mul(t, t);
    } as unknown;
    for (const f of [later, steps] as ((t: Tensor) => Tensor)[]) {
      expect(() => grad(f)(x["x"]!)).toThrow(ArgumentError);
      expect(() => jvp(f, [x["x"]!], [tensor(1)])).toThrow(ArgumentError);
    }
    expect(() => grad(later as (t: Tensor) => Tensor)(x["x"]!)).toThrow(/await before, not inside/);
    expect(grad(f)(x["x"]!)[0].item()).toBe(6);
  });
});
