/** A finished tape as a value: frozen, rewritten by patches, run again. */
import fc from "fast-check";
import { applyPatches, type Patch } from "immer";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  fromData,
  type Inputs,
  inOrder,
  named,
  type Program,
  programOf,
  type Rewrite,
  removeDeadNodes,
  replay,
  rewrite,
  ShapeError,
  scalar,
  Tensor,
  trace,
} from "../graph/index.ts";
import { Add, add, Mul, mul, neg, reciprocal, square, sub, sum } from "../ops/index.ts";
import { grad, jvp, vjp } from "../src/transforms/derivatives.ts";

type TensorMap = (...x: Inputs) => Inputs;

const vector = (...values: readonly number[]): Tensor =>
  fromData([values.length], "float64", Float64Array.from(values));
const numbers = (t: Tensor): number[] => [...t.data];
const traced = (f: TensorMap, ...x: Inputs): Program => programOf(trace(f, x, false));

/** y = (a + b) a, and two nodes that lead nowhere. */
const wasteful: TensorMap = (a, b) => {
  neg(square(b!));
  return [mul(add(a!, b!), a!)];
};
const x = [vector(2, 3), vector(5, 7)];

/** Every program on the way, by one patch at a time. */
function steps(start: Program, patches: readonly Patch[]): Program[] {
  const programs = [start];
  for (const patch of patches) programs.push(applyPatches(programs.at(-1)!, [patch]));
  return programs;
}

function isWhole({ nodes, outputs }: Program): boolean {
  return [...Object.values(nodes).flatMap(({ parents }) => parents), ...outputs].every((id) => id in nodes);
}

/** Each step forwards is a program; the way back is only whole at its end. */
function expectReplayable({ before, after, patches, inverse }: Rewrite): void {
  const there = steps(before, patches);
  expect(there.map(isWhole)).toEqual(there.map(() => true));
  expect(there.at(-1)).toEqual(after);
  expect(applyPatches(after, inverse)).toEqual(before);
}

describe("a program is a value", () => {
  const program = traced(wasteful, ...x);

  test("it is the tape's nodes, inputs first, under ids that are their places", () => {
    expect(program.inputs).toEqual([0, 1]);
    expect(program.outputs).toEqual([5]);
    const ops = Object.values(program.nodes).map(({ op, parents }) => [op?.name ?? null, parents]);
    expect(ops).toEqual([
      [null, []],
      [null, []],
      ["square", [1]],
      ["neg", [2]],
      ["add", [0, 1]],
      ["mul", [4, 0]],
    ]);
  });

  test("nothing of it can be changed", () => {
    const thawed: string[] = [];
    const walk = (value: unknown, path: string): void => {
      // Tensors and op records look after themselves.
      if (typeof value !== "object" || value === null || value instanceof Tensor) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      if ("kernel" in value) return;
      for (const [key, child] of Object.entries(value)) walk(child, `${path}.${key}`);
    };
    walk(
      traced((t) => [sum(mul(t!, vector(1, 2)), 0, { keepDims: true })], x[0]!),
      "program",
    );
    expect(thawed).toEqual([]);
    expect(() => Object.assign(program.nodes, { 9: program.nodes[0] })).toThrow(TypeError);
    expect(() => Object.assign(program.nodes[4]!, { op: Mul })).toThrow(TypeError);
    expect(() => (program.outputs as number[]).push(3)).toThrow(TypeError);
  });

  test("a recipe that throws, or changes nothing, leaves it as it was", () => {
    expect(() =>
      rewrite(program, (draft) => {
        delete draft.nodes[5];
        throw new Error("half way");
      }),
    ).toThrow("half way");
    const idle = rewrite(program, () => undefined);
    expect([idle.after === program, idle.patches, idle.inverse]).toEqual([true, [], []]);
    expect(Object.keys(program.nodes)).toHaveLength(6);
  });
});

describe("rewriting", () => {
  const program = traced(wasteful, ...x);

  test("removeDeadNodes drops what no output needs, one patch a node", () => {
    const pass = removeDeadNodes(program);
    expect(pass.before).toBe(program);
    expect(Object.keys(pass.after.nodes).map(Number)).toEqual([0, 1, 4, 5]);
    expect(pass.patches.map(({ op, path }) => `${op} ${path.join("/")}`)).toEqual([
      "remove nodes/3",
      "remove nodes/2",
    ]);
    expectReplayable(pass);
    // What is untouched is shared, not copied.
    expect(pass.after.nodes[5]).toBe(program.nodes[5]);
    expect(Object.isFrozen(pass.after.nodes)).toBe(true);
    expect(removeDeadNodes(pass.after).patches).toEqual([]);
  });

  test("leaves stay, used or not", () => {
    const { after } = removeDeadNodes(traced((a, b) => [neg(b!), square(a!)].slice(0, 1), ...x));
    expect(Object.keys(after.nodes).map(Number)).toEqual([0, 1, 2]);
    expect(after.inputs).toEqual([0, 1]);
    expect(replay(after, x).map(numbers)).toEqual([[-5, -7]]);
  });

  test("a node that is replaced keeps its id, and so do its readers", () => {
    const pass = rewrite(program, (draft) => {
      draft.nodes[4] = { ...draft.nodes[4]!, op: Mul };
    });
    expectReplayable(pass);
    expect(replay(pass.after, x).map(numbers)).toEqual([[20, 63]]);
    expect(replay(pass.before, x).map(numbers)).toEqual([[14, 30]]);
  });

  test("a new node may come after those that read it: order is by parents, not by id", () => {
    const pass = rewrite(program, (draft) => {
      draft.nodes[6] = { ...draft.nodes[4]!, op: Add, parents: [1, 1] };
      draft.nodes[4] = { ...draft.nodes[4]!, parents: [0, 6] };
    });
    expectReplayable(pass);
    const order = inOrder(pass.after);
    expect(order.indexOf(6)).toBeLessThan(order.indexOf(4));
    expect(new Set(order)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    // (a + 2b) a
    expect(replay(pass.after, x).map(numbers)).toEqual([[24, 51]]);
  });

  test("the tape's own order is kept where it is one", () => {
    expect(inOrder(program)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("a program may be 100,000 nodes deep", () => {
    const deep = traced((t) => {
      let y = t!;
      for (let i = 0; i < 100_000; i++) y = neg(y);
      return [y];
    }, scalar(3));
    expect(inOrder(deep)).toHaveLength(100_001);
    expect(removeDeadNodes(deep).patches).toEqual([]);
    expect(replay(deep, [scalar(4)])[0]?.item()).toBe(4);
  });
});

describe("replay", () => {
  const program = traced(wasteful, ...x);
  const again: TensorMap = (...t) => replay(program, t);
  const elsewhere = [vector(-1, 0.5), vector(4, 2)];

  test("gives the function's values, at other inputs too", () => {
    expect(again(...x).map(numbers)).toEqual([[14, 30]]);
    expect(again(...elsewhere).map(numbers)).toEqual([[-3, 1.25]]);
  });

  test("differentiates like the function, in both modes, and twice", () => {
    const yBar = [vector(3, 10)];
    const back = (f: TensorMap): number[][] => vjp<Inputs, Inputs>(f, ...elsewhere)[1](yBar).map(numbers);
    const ahead = (f: TensorMap): number[][] =>
      jvp<Inputs, Inputs>(f, elsewhere, [vector(1, 2), vector(3, 4)])[1].map(numbers);
    // d (a + b) a = (2a + b, a)
    expect(back(again)).toEqual([
      [6, 30],
      [-3, 5],
    ]);
    expect(back(again)).toEqual(back(wasteful));
    expect(ahead(again)).toEqual([[-1, 8]]);
    expect(ahead(again)).toEqual(ahead(wasteful));
    const second = grad((t: Tensor) => sum(grad((u: Tensor) => sum(again(u, u)[0]!))(t)[0]))(vector(1, 2))[0];
    expect(numbers(second)).toEqual([4, 4]);
  });

  test("of a gradient: the program of a pullback is a program", () => {
    const gradient = traced(
      (...t) => grad((a: Tensor, b: Tensor) => sum(wasteful(a, b)[0]!))(t[0]!, t[1]!),
      ...x,
    );
    const { after } = removeDeadNodes(gradient);
    expect(Object.keys(after.nodes).length).toBeLessThan(Object.keys(gradient.nodes).length);
    expect(replay(after, elsewhere).map(numbers)).toEqual([
      [2, 3],
      [-1, 0.5],
    ]);
  });

  test("constants are part of the program; what it returns may be a leaf or one of them", () => {
    const constant = vector(10, 20);
    const p = traced((t) => [t!, constant, mul(t!, constant)], x[0]!);
    expect(replay(p, [vector(1, 2)]).map(numbers)).toEqual([
      [1, 2],
      [10, 20],
      [10, 40],
    ]);
  });

  test("refuses inputs that are not like those it was recorded on", () => {
    expect(() => replay(program, [x[0]!])).toThrow(ArgumentError);
    expect(() => replay(program, [...x, x[0]!])).toThrow(ArgumentError);
    expect(() => replay(program, [x[0]!, vector(1)])).toThrow(ShapeError);
    expect(() => replay(program, [x[0]!, fromData([2], "float32", new Float32Array(2))])).toThrow(
      /float64\[2\]/,
    );
  });
});

describe("named", () => {
  test("a plain tensor: the same numbers under a name", () => {
    const t = named(x[0]!, "weights");
    expect([t.name, t.place, t.data === x[0]!.data]).toEqual(["weights", null, true]);
    expect(x[0]!.name).toBeNull();
  });

  test("leaves that come in with a name, and nodes that get one", () => {
    const { nodes } = traced((a) => [neg(named(square(a!), "a squared"))], named(x[0]!, "a"));
    expect(Object.values(nodes).map(({ name }) => name)).toEqual(["a", "a squared", null]);
    expect(Object.values(nodes).map(({ value }) => value.name)).toEqual(["a", "a squared", null]);
  });

  test("a leaf may be renamed from inside", () => {
    const { nodes } = traced((a) => [neg(named(a!, "b"))], named(x[0]!, "a"));
    expect(Object.values(nodes).map(({ name }) => name)).toEqual(["b", null]);
  });

  test("on every tape that the tensor stands on", () => {
    let inner: Program | undefined;
    const outer = traced((a) => {
      const tape = trace((b) => [named(mul(b!, a!), "product")], [square(a!)], true);
      inner = programOf(tape);
      return tape.outputs.map((i) => tape.nodes[i]!.value);
    }, x[0]!);
    const names = (p: Program | undefined): unknown[] =>
      Object.values(p!.nodes).map(({ op, name }) => [op?.name ?? null, name]);
    expect(names(inner)).toContainEqual(["mul", "product"]);
    expect(names(outer)).toEqual([
      [null, null],
      ["square", null],
      ["mul", "product"],
    ]);
  });

  test("a name changes no value and no derivative", () => {
    const f = (t: Tensor): Tensor => sum(square(named(mul(named(t, "t"), t), "t²")));
    expect(numbers(grad(f)(vector(1, 2))[0])).toEqual([4, 32]);
  });

  test.each([
    ["", x[0]!],
    [7, x[0]!],
    ["name", 7],
  ])("%s is refused", (name, t) => {
    expect(() => Reflect.apply(named, null, [t, name])).toThrow(ArgumentError);
  });
});

describe("for any function of three variables", () => {
  const BINARY = [add, sub, mul] as const;
  const UNARY = [neg, square, (t: Tensor): Tensor => reciprocal(add(square(t), 1))] as const;
  const line = fc.record({ op: fc.nat(5), a: fc.nat(), b: fc.nat() });
  const recipe = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    out: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  });

  /** Each line applies an op to values that are there already; the outputs are any of them. */
  const functionOf =
    ({
      lines,
      out,
    }: {
      lines: readonly { op: number; a: number; b: number }[];
      out: readonly number[];
    }): TensorMap =>
    (...inputs) => {
      const values = [...inputs];
      for (const { op, a, b } of lines) {
        const [s, t] = [values[a % values.length]!, values[b % values.length]!];
        values.push(op < 3 ? BINARY[op]!(s, t) : UNARY[op - 3]!(s));
      }
      return out.map((i) => values[i % values.length]!);
    };
  const at = [vector(0.5, -0.25), vector(-0.75, 0.5), vector(0.25, 1)];
  const along = [vector(1, -2), vector(0.5, 3), vector(-1, 0.25)];
  const close = (a: Inputs, b: Inputs): void => {
    expect(a).toHaveLength(b.length);
    a.forEach((t, k) => {
      numbers(t).forEach((v, i) => {
        const e = b[k]!.data[i]!;
        expect(Math.abs(v - e)).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(e)));
      });
    });
  };

  test("its program, with and without dead nodes, has its values, tangents and cotangents", () => {
    fc.assert(
      fc.property(recipe, (r) => {
        const f = functionOf(r);
        const pass = removeDeadNodes(traced(f, ...at));
        expectReplayable(pass);
        const y = f(...at);
        const yBar = y.map((_, k) => vector(1 + k, -2));
        const yDot = jvp<Inputs, Inputs>(f, at, along)[1];
        const xBar = vjp<Inputs, Inputs>(f, ...at)[1](yBar);
        for (const program of [pass.before, pass.after]) {
          const g: TensorMap = (...t) => replay(program, t);
          close(g(...at), y);
          close(jvp<Inputs, Inputs>(g, at, along)[1], yDot);
          close(vjp<Inputs, Inputs>(g, ...at)[1](yBar), xBar);
        }
      }),
      { seed: 1964, numRuns: 60 },
    );
  });

  test("the two walks are adjoint, whatever the paths", () => {
    const dot = (a: Inputs, b: Inputs): number =>
      a.reduce((total, t, k) => total + numbers(t).reduce((s, v, i) => s + v * b[k]!.data[i]!, 0), 0);
    fc.assert(
      fc.property(recipe, (r) => {
        const f = functionOf(r);
        const yBar = f(...at).map((_, k) => vector(1.5 - k, 2));
        const ahead = dot(yBar, jvp<Inputs, Inputs>(f, at, along)[1]);
        const back = dot(vjp<Inputs, Inputs>(f, ...at)[1](yBar), along);
        const size = 1 + Math.abs(ahead) + Math.sqrt(dot(yBar, yBar));
        expect(Math.abs(ahead - back) / size).toBeLessThan(1e-10);
      }),
      { seed: 1964, numRuns: 100 },
    );
  });
});
