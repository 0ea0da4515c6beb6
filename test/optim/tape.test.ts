/** A step on a tape: differentiated, recorded, and what it costs in ops and loops. */
import { describe, expect, test } from "vitest";
import { type Program, replay, scalar, type Tensor } from "../../graph/index.ts";
import { exp, matmul, mul, sub, sum } from "../../ops/index.ts";
import { grad, jvp, record, ridders, tensor } from "../../src/index.ts";
import {
  adam,
  adamW,
  constant,
  type LearningRate,
  momentum,
  type Optimizer,
  rmsprop,
  sgd,
} from "../../src/optim/index.ts";
import { flatten } from "../../src/tree.ts";
import { expectClose } from "../support/closeness.ts";

const RULES: readonly (readonly [string, (learningRate: LearningRate) => Optimizer])[] = [
  ["sgd", (learningRate) => sgd({ learningRate })],
  ["momentum", (learningRate) => momentum({ learningRate })],
  ["nesterov", (learningRate) => momentum({ learningRate, nesterov: true })],
  ["rmsprop", (learningRate) => rmsprop({ learningRate, squareDecay: 0.9 })],
  ["adam", (learningRate) => adam({ learningRate })],
  ["adamW", (learningRate) => adamW({ learningRate, weightDecay: 0.3 })],
];

type Params = { readonly W: Tensor; readonly b: Tensor };

const x = tensor([0.5, -1, 2]);
/** Not quadratic, so that its Hessian changes. */
function loss({ W, b }: Params): Tensor {
  const r = sub(exp(mul(0.3, matmul(W, x))), b);
  return sum(mul(r, r));
}

const start: Params = {
  W: tensor([
    [0.3, -0.2, 0.5],
    [-0.4, 0.1, 0.2],
  ]),
  b: tensor([0.7, -0.3]),
};

describe.each(RULES)("%s", (_, make) => {
  /** The loss after two steps, from parameters, at a rate. */
  const trained = (params: Params, rate: LearningRate): Tensor => {
    const rule = make(rate);
    let at = { params, state: rule.init(params) };
    for (let k = 0; k < 2; k++) at = rule.update(at.params, grad(loss)(at.params)[0], at.state);
    return loss(at.params);
  };

  test("the gradient after two steps with respect to the learning rate", () => {
    const [slope] = grad((rate: Tensor) => trained(start, rate))(0.05);
    const { value, error } = ridders((t) => trained(start, 0.05 + t).item(), 0.02);
    expect(Math.abs(slope.item() - value)).toBeLessThan(1e-8 * Math.abs(value) + 10 * error);
    const [, forward] = jvp((rate: Tensor) => trained(start, rate), [0.05], [1]);
    expect(forward.item()).toBeCloseTo(slope.item(), 10);
  });

  test("and with respect to where it began, through the gradients of each step", () => {
    const along = { W: [0.3, -0.5, 0.2, 0.7, 0.1, -0.4], b: [0.6, -0.2] };
    const moved = (t: number): Params => ({
      W: tensor(
        along.W.map((d, i) => start.W.data[i]! + t * d),
        { shape: [2, 3] },
      ),
      b: tensor(along.b.map((d, i) => start.b.data[i]! + t * d)),
    });
    const [g] = grad((params: Params) => trained(params, 0.05))(start);
    const dot = [...along.W, ...along.b].reduce((s, d, i) => s + d * [...g.W.data, ...g.b.data][i]!, 0);
    const { value, error } = ridders((t) => trained(moved(t), 0.05).item(), 0.05);
    expect(Math.abs(dot - value)).toBeLessThan(1e-8 * Math.abs(value) + 10 * error);
  });

  test("float32 parameters, and a rate in float64 beside them, get gradients of their own dtype", () => {
    const w = tensor([1, -2], { dtype: "float32" });
    const f = (rate: Tensor, params: Tensor): Tensor => {
      const rule = make(rate);
      return sum(rule.update(params, mul(params, params), rule.init(params)).params);
    };
    const [rateBar, wBar] = grad(f)(scalar(0.1), w);
    expect([rateBar.dtype, wBar.dtype]).toEqual(["float64", "float32"]);
    const wide = grad(f)(scalar(0.1), tensor([1, -2]));
    expect(Math.abs(rateBar.item() - wide[0].item())).toBeLessThan(1e-5);
    expectClose(wBar, wide[1], 1e-5);
  });

  test("a step that was recorded is right at other steps and rates", () => {
    const rule = make(0.1);
    const begin = rule.init(start);
    const recorded = record(
      (params: Params, grads: Params, state: object, rate: Tensor) => make(rate).update(params, grads, state),
      start,
      start,
      begin,
      0.1,
    );
    let [params, state] = [start, begin];
    for (const rate of [0.1, 0.07, 0.02]) {
      const grads = grad(loss)(params)[0];
      const expected = make(rate).update(params, grads, state);
      const inputs = flatten("test", "inputs", [params, grads, state, rate]).leaves;
      const actual = replay(recorded, inputs);
      flatten("test", "step", expected).leaves.forEach((e, k) => {
        expectClose(actual[k]!, e, 1e-14);
      });
      ({ params, state } = expected);
    }
  });
});

/** The ops that make something as large as a parameter. */
function large(program: Program): string[] {
  return Object.values(program.nodes).flatMap(({ op, shape }) =>
    op !== null && shape.length > 0 ? [op.name] : [],
  );
}

test.each([
  ["sgd", 1],
  ["momentum", 2],
  ["nesterov", 2],
  ["rmsprop", 2],
  ["adam", 3],
  ["adamW", 3],
])("%s takes %i loops a parameter", (name, loops) => {
  const make = RULES.find(([rule]) => rule === name)![1];
  const rule = make(0.1);
  const w = tensor([1, 2]);
  const program = record(
    (p: Tensor, g: Tensor, state: object) => rule.update(p, g, state),
    w,
    w,
    rule.init(w),
  );
  expect(large(program)).toHaveLength(loops);
});

test("no loop is generated anew when rate and step change", () => {
  const params = { W: tensor([[1, 2, 3]]), b: tensor([1, 2], { dtype: "float32" }) };
  const own = globalThis.Function;
  let made = 0;
  globalThis.Function = new Proxy(own, {
    construct(target, args: string[]) {
      made++;
      return Reflect.construct(target, args) as object;
    },
  });
  try {
    const first = new Map<string, number>();
    for (let rate = 0.5; rate > 0.1; rate -= 0.05) {
      for (const [name, make] of RULES) {
        const rule = make(constant(rate));
        let at = { params, state: rule.init(params) };
        for (let k = 0; k < 3; k++) at = rule.update(at.params, params, at.state);
        if (!first.has(name)) first.set(name, made);
      }
    }
    expect(made).toBe([...first.values()].at(-1));
  } finally {
    globalThis.Function = own;
  }
});

test("a parameter that never had a gradient does not make NaN", () => {
  const f = (rate: Tensor, w: Tensor): Tensor => {
    const rule = adam({ learningRate: rate });
    const gradient = mul(w, tensor([1, 0]));
    return sum(rule.update(w, gradient, rule.init(w)).params);
  };
  const [rateBar, wBar] = grad(f)(scalar(0.1), tensor([2, 3]));
  expect(rateBar.item()).toBeCloseTo(-1, 7);
  expect(wBar.data[1]).toBe(1);
  expect(wBar.data[0]).toBeCloseTo(1, 7);
});

test("a schedule is not asked for a step that is on a tape; one that has left it is known", () => {
  const rule = sgd({ learningRate: (step) => 1 / (1 + step) });
  const w = tensor([1]);
  const step = (state: { readonly step: Tensor | number }): Tensor => rule.update(w, w, state).params;
  expect(() => record(step, { step: 3 })).toThrow("sgd: a schedule to be asked for a known step");
  expect(step({ step: scalar(3) }).item()).toBe(0.75);
  expect(rule.update(w, w, { step: scalar(3) }).state.step).toMatchObject({ shape: [] });
});
