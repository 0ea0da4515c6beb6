/** Update rules against values that were computed in other ways, and as pure functions of trees. */
import { describe, expect, test } from "vitest";
import { fromData, scalar, Tensor } from "../../graph/index.ts";
import { add, matmul, mul, sub, sum } from "../../ops/index.ts";
import { fromJson, grad, tensor } from "../../src/index.ts";
import {
  adam,
  adamW,
  exponentialDecay,
  momentum,
  type Optimizer,
  rmsprop,
  sgd,
} from "../../src/optim/index.ts";
import { flatten, type Tree } from "../../src/tree.ts";
import { expectClose } from "../support/closeness.ts";

const A = tensor([
  [2, 0.5, 0],
  [0.5, 1, -0.25],
  [0, -0.25, 4],
]);
const b = tensor([1, -2, 0.5]);
const w0 = tensor([1.5, -0.5, 0.25]);
/** The gradient of wᵀAw/2 - bᵀw. */
const slope = (w: Tensor): Tensor => sub(matmul(A, w), b);

function moved<S extends Tree>(steps: number, rule: Optimizer<S>, gradient = slope, start = w0): Tensor {
  let [params, state] = [start, rule.init(start)];
  for (let k = 0; k < steps; k++) ({ params, state } = rule.update(params, gradient(params), state));
  return params;
}

const ten = exponentialDecay(0.02, { factor: 0.9, every: 1 });

/**
 * Ten steps, by NumPy: momentum by its recurrence in w alone, Nesterov with the gradient taken at the point ahead,
 * Adam with all gradients kept and averaged anew at each step.
 */
test.each<[string, Optimizer, readonly number[]]>([
  [
    "momentum",
    momentum({ learningRate: 0.05 }),
    [0.6412962853602332, -3.040877219922892, -0.08547672408014127],
  ],
  [
    "nesterov",
    momentum({ learningRate: 0.05, nesterov: true }),
    [0.9103085557505176, -2.9275928261127424, -0.0658463343970104],
  ],
  ["rmsprop", rmsprop(), [1.0804002354506952, -0.9736061918291118, 0.0671909410370231]],
  ["adam", adam({ learningRate: 0.02 }), [1.302337505618236, -0.6991844382346781, 0.07151192554713111]],
  [
    "adamW",
    adamW({ learningRate: 0.02, weightDecay: 0.1 }),
    [1.2746957290544032, -0.6874788857222647, 0.06936217043445869],
  ],
  [
    "adamW, scheduled",
    adamW({ learningRate: ten, weightDecay: 0.1 }),
    [1.3519931906185483, -0.6227352430991191, 0.12398993584608854],
  ],
])("%s, ten steps", (_, rule, expected) => {
  expectClose(moved(10, rule), tensor([...expected]), 1e-12);
});

describe("closed forms", () => {
  test("sgd on a bowl: (1 - rate a)^n", () => {
    const bowl = moved(20, sgd({ learningRate: 0.1 }), (w) => mul(w, tensor([1, 2, 5])));
    expectClose(bowl, tensor([1.5 * 0.9 ** 20, -0.5 * 0.8 ** 20, 0.25 * 0.5 ** 20]), 1e-13, 0);
  });

  test("momentum on a bowl: the recurrence's two roots", () => {
    // w'' = (1 + decay - rate a) w' - decay w: real roots at rate a = 0.001, decay 0.5.
    const [p, q] = [1.5 - 0.001, 0.5];
    const root = Math.sqrt(p * p - 4 * q);
    const [r1, r2] = [(p + root) / 2, (p - root) / 2];
    // w(-1) = w(0) = 1.
    const c1 = (r1 * (1 - r2)) / (r1 - r2);
    const expected = c1 * r1 ** 50 + (1 - c1) * r2 ** 50;
    const rule = momentum({ learningRate: 0.001, velocityDecay: 0.5 });
    expect(moved(50, rule, (w) => w, scalar(1)).item()).toBeCloseTo(expected, 13);
  });

  test("the first step of adam is the rate, whatever the size of the gradient", () => {
    const g = tensor([1e-3, -40, 0]);
    expectClose(
      moved(1, adam({ learningRate: 0.1 }), () => g),
      tensor([1.5 - 0.1 / (1 + 1e-5), -0.5 + 0.1, 0.25]),
      1e-9,
    );
  });

  test("adamW without gradients: (1 - rate weightDecay)^n; adam stays where it is", () => {
    const none = (): Tensor => tensor([0, 0, 0]);
    const left = moved(10, adamW({ learningRate: 0.1, weightDecay: 0.5 }), none);
    expectClose(left, tensor([...w0.data].map((w) => w * 0.95 ** 10)), 1e-14);
    expect([...moved(10, adam(), none).data]).toEqual([...w0.data]);
    expect([...moved(3, adamW({ weightDecay: 0 })).data]).toEqual([...moved(3, adam()).data]);
  });

  test("decoupled decay is not an L2 term in the loss", () => {
    const l2 = moved(10, adam({ learningRate: 0.02 }), (w) => add(slope(w), mul(w, 0.1)));
    expectClose(l2, tensor([1.302215904155747, -0.6990900998203677, 0.07097930418467922]), 1e-12);
  });

  test("PyTorch's momentum, v ← decay v + g, w ← w - rate v, is the same while the rate stays", () => {
    for (const nesterov of [false, true]) {
      let w = [...w0.data];
      let v = [0, 0, 0];
      for (let k = 0; k < 10; k++) {
        const g = slope(tensor(w)).data;
        v = v.map((x, i) => 0.9 * x + g[i]!);
        w = w.map((x, i) => x - 0.05 * (nesterov ? g[i]! + 0.9 * v[i]! : v[i]!));
      }
      expectClose(moved(10, momentum({ learningRate: 0.05, nesterov })), tensor(w), 1e-13);
    }
  });
});

const RULES: readonly Optimizer[] = [
  sgd(),
  momentum(),
  momentum({ nesterov: true }),
  rmsprop(),
  adam(),
  adamW({ learningRate: (step) => 0.01 / (1 + step) }),
];

describe.each(RULES.map((rule) => [rule.name, rule] as const))("%s", (_, rule) => {
  const params = {
    layers: [
      { W: tensor([[1, -2, 0.5]]), b: tensor([0.1]) },
      { W: tensor([[0.3], [4]], { dtype: "float32" }), b: tensor([]) },
    ],
    gamma: scalar(2),
    nothing: null,
  };
  const grads = {
    nothing: null,
    layers: [
      { b: tensor([3]), W: tensor([[0.5, 1e-4, -20]]) },
      { W: tensor([[1], [-1]], { dtype: "float32" }), b: tensor([]) },
    ],
    gamma: scalar(-1),
  } as typeof params;
  const bytes = (tree: unknown): string => JSON.stringify(tree);

  test("is a pure function of trees", () => {
    let [at, state] = [params, rule.init(params)];
    for (let k = 0; k < 10; k++) {
      const before = bytes([at, grads, state]);
      const next = rule.update(at, grads, state);
      expect(bytes([at, grads, state])).toBe(before);
      expect(bytes(rule.update(at, grads, state))).toBe(bytes(next));
      const held = new Set([at, grads, state].flatMap(leaves).map(({ data }) => data));
      expect(leaves(next).filter(({ data, size }) => size > 0 && held.has(data))).toEqual([]);
      expect(Object.isFrozen(next.params.layers[0])).toBe(true);
      expect(Object.isFrozen(next.state)).toBe(true);
      expect(Object.isFrozen(next.params.layers[0]!.W)).toBe(false);
      ({ params: at, state } = next);
    }
    expect(state).toHaveProperty("step", 10);
    expect(Object.keys(at)).toEqual(["layers", "gamma", "nothing"]);
    expect(at.layers[0]!.b.item()).toBeLessThan(0.1);
  });

  test("everything has its parameter's shape and dtype", () => {
    const next = rule.update(params, grads, rule.init(params));
    const specs = leaves(params).map(({ shape, dtype }) => `${dtype}[${shape}]`);
    for (const [name, tree] of [["params", next.params] as const, ...Object.entries(next.state)]) {
      if (name === "step") continue;
      expect(leaves(tree).map(({ shape, dtype }) => `${dtype}[${shape}]`)).toEqual(specs);
    }
  });

  test("its state survives being written to a file", () => {
    const two = rule.update(params, grads, rule.update(params, grads, rule.init(params)).state);
    const read = revived(JSON.parse(JSON.stringify(two))) as typeof two;
    const cloned = unpacked(structuredClone(packed(two))) as typeof two;
    const third = rule.update(two.params, grads, two.state);
    for (const copy of [read, cloned]) {
      expect(bytes(rule.update(copy.params, grads, copy.state))).toBe(bytes(third));
    }
  });

  test("a gradient of null is 0; gradients of NaN are the trainer's business", () => {
    const state = rule.init(params);
    const zero = { ...grads, gamma: scalar(0) };
    const none = { ...grads, gamma: null } as never;
    expect(bytes(rule.update(params, none, state))).toBe(bytes(rule.update(params, zero, state)));
    const { gamma, layers } = rule.update(params, { ...grads, gamma: scalar(Number.NaN) }, state).params;
    expect(gamma.item()).toBeNaN();
    expect([...layers[0]!.W.data].every(Number.isFinite)).toBe(true);
  });

  test("factor scales the rate; a rate of 0 moves nothing", () => {
    const w = tensor([1, -3]);
    const g = tensor([0.5, 2]);
    const stepped = (factor: number): Tensor => rule.update(w, g, rule.init(w), { factor }).params;
    expect([...stepped(0).data]).toEqual([1, -3]);
    const half = sub(stepped(0.5), w);
    expectClose(half, mul(sub(stepped(1), w), 0.5), 1e-12);
  });
});

test("float32: each formula in float64, rounded once; the state too", () => {
  const f32 = (x: readonly number[]): Tensor => tensor([...x], { dtype: "float32" });
  const fround = Math.fround;
  const w = f32([0.1, -2.7, 1e-3]);
  const g = f32([0.3, 1e-5, -7]);
  const rule = adam({ learningRate: 0.0123 });
  let [params, state] = [w, rule.init(w)];
  let [x, m, v] = [[...w.data], [0, 0, 0], [0, 0, 0]];
  for (let t = 1; t <= 5; t++) {
    ({ params, state } = rule.update(params, g, state));
    m = m.map((old, i) => fround(0.9 * old + (1 - 0.9) * g.data[i]!));
    v = v.map((old, i) => fround(0.999 * old + (1 - 0.999) * (g.data[i]! * g.data[i]!)));
    const [c1, c2] = [1 - 0.9 ** t, 1 - 0.999 ** t];
    x = x.map((old, i) => fround(old - ((0.0123 / c1) * m[i]!) / (Math.sqrt(v[i]! * (1 / c2)) + 1e-8)));
    expect([...(state.mean as Tensor).data]).toEqual(m);
    expect([...(state.square as Tensor).data]).toEqual(v);
    expect([...params.data]).toEqual(x);
  }
});

test("training: a line is fitted", () => {
  const x = tensor([[-1], [0], [1], [2]]);
  const y = tensor([[-1], [1], [3], [5]]);
  type Line = { readonly slope: Tensor; readonly at0: Tensor };
  const loss = (p: Line): Tensor => {
    const error = sub(add(matmul(x, p.slope), p.at0), y);
    return sum(mul(error, error));
  };
  const rule = momentum({ learningRate: 0.02, nesterov: true });
  let params: Line = { slope: tensor([[0]]), at0: tensor([0]) };
  let state = rule.init(params);
  for (let k = 0; k < 400; k++) {
    ({ params, state } = rule.update(params, grad(loss)(params)[0], state));
  }
  expect(params.slope.item()).toBeCloseTo(2, 8);
  expect(params.at0.item()).toBeCloseTo(1, 8);
});

function leaves(tree: unknown): readonly Tensor[] {
  return flatten("test", "tree", tree).leaves.filter(
    ({ place, rank, size }) => place === null && rank + size > 0,
  );
}

function revived(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("dtype" in value) return fromJson(value as never);
  if (Array.isArray(value)) return value.map(revived);
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, revived(v)]));
}

function packed(value: unknown): unknown {
  if (value instanceof Tensor) return { shape: value.shape, dtype: value.dtype, data: value.toTypedArray() };
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(packed);
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, packed(v)]));
}

function unpacked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpacked);
  if ("dtype" in value) {
    const { shape, dtype, data } = value as Tensor;
    return fromData(shape, dtype, data as Float64Array);
  }
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, unpacked(v)]));
}
