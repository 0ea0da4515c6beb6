import { applyPatches } from "immer";
import { describe, expect, test } from "vitest";
import {
  Add,
  ALGEBRA_RULES,
  type AlgebraRule,
  add,
  batchNorm,
  Clamp,
  crossEntropy,
  div,
  type Inputs,
  layerNorm,
  mean,
  mul,
  neg,
  type Program,
  pow,
  RuleError,
  random,
  record,
  replay,
  simplify,
  sub,
  type Tensor,
  tensor,
  toExpressions,
  vjp,
  ZERO_RULES,
} from "../../src/index.ts";

const x = tensor([1, 2, 3]);
const source = random(1964);
const ops = ({ nodes }: Program): number => Object.values(nodes).filter(({ op }) => op !== null).length;

/** What is computed backwards: from the inputs and a cotangent to the inputs' cotangents. */
function backward(f: (...x: Inputs) => Tensor, ...at: Inputs): Program {
  const n = at.length;
  return record(
    (...t: Inputs) => vjp<Inputs, Tensor>(f, ...t.slice(0, n))[1](t[n]!),
    ...at,
    source.normal([...f(...at).shape]),
  );
}

describe("simplify", () => {
  test("one pass makes room for the next, until nothing changes", () => {
    const program = record((t: Tensor) => add(pow(neg(neg(t)), 2), div(pow(t, 2), 1)), x);
    const { before, after, steps } = simplify(program);
    expect(before).toBe(program);
    expect(toExpressions(after)).toEqual(["add(square(v0), square(v0))"]);
    expect(ops(after)).toBe(2);
    expect(steps.map(({ pass }) => pass)).toEqual(["mergeCommon", "rules", "removeDeadNodes"]);
  });

  test("its steps lead from before to after, by patches and by programs", () => {
    const { before, after, steps } = simplify(backward((t) => batchNorm(t!, 1, 0), source.normal([8, 4])));
    let program = before;
    for (const step of steps) {
      expect(step.before).toBe(program);
      program = step.after;
      expect(applyPatches(step.before, step.patches)).toEqual(step.after);
      expect(applyPatches(step.after, step.inverse)).toEqual(step.before);
    }
    expect(program).toBe(after);
  });

  test("says which rule was applied where", () => {
    const { steps } = simplify(record((t: Tensor) => sub(mul(t, 1), neg(t)), x));
    expect(steps.flatMap(({ applied = [] }) => applied)).toEqual([
      { rule: "times one", id: 2 },
      { rule: "plus minus", id: 4 },
    ]);
  });

  test("rules for whom 0 is -0 have to be asked for", () => {
    const program = record((t: Tensor) => add(t, 0), x);
    expect(simplify(program).steps).toEqual([]);
    expect(simplify(program, { rules: [...ALGEBRA_RULES, ...ZERO_RULES] }).after.outputs).toEqual([0]);
    expect(simplify(program, { rules: [] }).after).toBe(program);
  });

  test("what would change shape or dtype is no simplification", () => {
    const stretched = record((t: Tensor) => mul(t, tensor([[1], [1]])), x);
    const real = record((t: Tensor) => mul(t, tensor(1)), tensor([1, 2], { dtype: "int32" }));
    expect([simplify(stretched).steps, simplify(real).steps]).toEqual([[], []]);
  });

  test("1/c is exact or is not taken: 3, and 2^-1074, whose inverse is infinite", () => {
    for (const c of [3, 0.1, 0, Number.POSITIVE_INFINITY, Number.NaN, 2 ** -1074]) {
      expect(simplify(record((t: Tensor) => div(t, c), x)).steps).toEqual([]);
    }
    for (const c of [2, -0.25, 2 ** 1023, 2 ** -1022]) {
      const { after } = simplify(record((t: Tensor) => div(t, c), x));
      const at = tensor([3, -0, 1e-310, 1e308, Number.NaN].slice(0, 3));
      expect([...replay(after, [at])[0]!.data]).toEqual([...at.data].map((v) => v / c));
      expect(after.nodes[after.outputs[0]!]?.op?.name).toBe("mul");
    }
    const single = record((t: Tensor) => div(t, 2 ** 127), tensor([1, 2], { dtype: "float32" }));
    expect(replay(simplify(single).after, [tensor([1, 2], { dtype: "float32" })])[0]!.data).toEqual(
      Float32Array.of(2 ** -127, 2 ** -126),
    );
  });

  test("a rule of one's own, and one that has no end", () => {
    const clampTwice: AlgebraRule = {
      ...ALGEBRA_RULES[0]!,
      name: "clamp twice",
      ops: [Clamp],
      rewrite: ({ parents: [id], of, node }) =>
        of(id!).op === Clamp && JSON.stringify(of(id!).params) === JSON.stringify(node.params) ? id! : null,
    };
    expect(
      simplify(
        record((t: Tensor) => add(t, t), x),
        { rules: [clampTwice] },
      ).steps,
    ).toEqual([]);
    const swap: AlgebraRule = {
      ...clampTwice,
      name: "swap",
      ops: [Add],
      rewrite: ({ parents: [a, b] }) => ({ op: Add, parents: [b!, a!] }),
    };
    expect(() =>
      simplify(
        record((t: Tensor) => add(t, 1), x),
        { rules: [swap] },
      ),
    ).toThrow(RuleError);
  });

  test("30,000 nodes", { timeout: 300_000 }, () => {
    const program = record((t: Tensor) => {
      let y = t;
      for (let i = 0; i < 15_000; i++) y = mul(neg(y), 1);
      return y;
    }, tensor(3));
    const { after } = simplify(program);
    expect(Object.keys(after.nodes)).toHaveLength(1);
    expect(after.outputs).toEqual(after.inputs);
  });
});

/** Ops before and after, by the rules that keep every bit. */
test.each<[string, Program, number, number]>([
  [
    "batch norm",
    backward(
      (t, gamma, beta) => batchNorm(t!, gamma!, beta!),
      source.normal([8, 4]),
      source.normal([4]),
      source.normal([4]),
    ),
    32,
    26,
  ],
  [
    "layer norm",
    backward(
      (t, gamma, beta) => layerNorm(t!, gamma!, beta!),
      source.normal([8, 4]),
      source.normal([4]),
      source.normal([4]),
    ),
    32,
    26,
  ],
  [
    "softmax cross-entropy",
    backward((t) => mean(crossEntropy(t!, tensor([0, 3, 1, 2], { dtype: "int32" }))), source.normal([4, 5])),
    16,
    10,
  ],
])("backward of %s", (_, program, before, after) => {
  const simple = simplify(program).after;
  const at = program.inputs.map((id) => program.nodes[id]!.value);
  expect(replay(simple, at).map(({ data }) => [...data])).toEqual(
    replay(program, at).map(({ data }) => [...data]),
  );
  expect([ops(program), ops(simple)]).toEqual([before, after]);
});
