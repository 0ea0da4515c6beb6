/** Compiled functions as functions: what they take, what they give, and where they are called. */
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  add,
  certify,
  compile,
  cos,
  exp,
  grad,
  type Inputs,
  jvp,
  matmul,
  max,
  mul,
  record,
  reshape,
  sin,
  slice,
  sub,
  sum,
  Tensor,
  tensor,
  transpose,
  valueAndGrad,
  vjp,
  zeros,
} from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("what goes in and comes out", () => {
  test("trees keep their shape, numbers become tensors, null stays null", () => {
    interface Layer {
      readonly W: Tensor;
      readonly b: Tensor | null;
      readonly more: readonly [Tensor, { readonly k: Tensor | number }];
    }
    const f = compile((p: Layer, scale: Tensor | number) => ({
      out: [mul(p.W, scale), null] as const,
      k: add(p.more[0], p.more[1].k),
      nothing: p.b,
    }));
    const p = { W: x, b: null, more: [tensor([1, 2]), { k: 10 }] as const };
    const y = f(p, 2);
    expect(y.out[0].toArray()).toEqual([
      [2, 4, 6],
      [8, 10, 12],
    ]);
    expect(y.out[1]).toBeNull();
    expect(y.k.toArray()).toEqual([11, 12]);
    expect(y.nothing).toBeNull();
    // A number is a scalar of float64: neither another one, nor such a tensor, is of another kind.
    expect(f({ ...p, more: [p.more[0], { k: tensor(20) }] }, 3).k.toArray()).toEqual([21, 22]);
    expect(f.stats()).toMatchObject({ calls: 2, traces: 1, retraces: [] });
  });

  test("an input, a constant, a view of either, and one thing twice", () => {
    const c = tensor([7, 8, 9, 10, 11, 12]);
    const f = compile((t: Tensor) => {
      const y = mul(t, 2);
      return [t, c, reshape(t, [3, 2]), reshape(c, [2, 3]), y, y, reshape(y, [6]), transpose(t)];
    });
    for (const given of [x, add(x, 1)]) {
      const [same, constant, view, viewOfConstant, y, again, viewOfY, turned] = f(given) as Inputs & Tensor[];
      expect(same).toBe(given);
      expect(constant!.data).toEqual(c.data);
      expect([view!.shape, view!.data]).toEqual([[3, 2], given.data]);
      expect([viewOfConstant!.shape, viewOfConstant!.data]).toEqual([[2, 3], c.data]);
      expect([...y!.data]).toEqual([...given.data].map((v) => 2 * v));
      expect(again!.data).toEqual(y!.data);
      expect([viewOfY!.shape, viewOfY!.data]).toEqual([[6], y!.data]);
      expect([turned!.shape, ...turned!.data]).toEqual([
        [3, 2],
        ...[0, 3, 1, 4, 2, 5].map((i) => given.data[i]),
      ]);
    }
  });

  test("nothing but constants, or nothing at all", () => {
    const f = compile(() => tensor([1, 2]));
    expect([f(), f()].map(({ data }) => [...data])).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(() => compile(() => undefined as unknown as Tensor)()).toThrow(ArgumentError);
    expect(() => compile((_: Tensor) => ({ y: "no" }) as unknown as Tensor)(x)).toThrow("f's result.y");
    expect(() => compile((t: Tensor) => t)("no" as unknown as Tensor)).toThrow(ArgumentError);
  });

  test("empty tensors and single numbers", () => {
    const f = compile((t: Tensor, u: Tensor) => [add(t, 1), sum(t), sum(t, 0), add(sum(t), u), exp(u)]);
    const [y, total, columns, both, one] = f(zeros([0, 3]), tensor(0)) as Inputs & Tensor[];
    expect([y!.shape, columns!.shape]).toEqual([[0, 3], [3]]);
    expect([total!.item(), [...columns!.data], both!.item(), one!.item()]).toEqual([0, [0, 0, 0], 0, 1]);
  });

  test("a kind of arguments is a kind: shapes, dtypes, keys", () => {
    const f = compile((p: { readonly a: Tensor; readonly b?: Tensor }) => sum(p.a));
    for (const a of [tensor([1, 2]), tensor([1, 2, 3]), tensor([1, 2], { dtype: "float32" })]) f({ a });
    for (const a of [tensor([1, 2]), tensor([1, 2, 3])]) f({ a });
    f({ a: tensor([1, 2]), b: tensor(1) });
    expect(f.stats()).toMatchObject({ calls: 6, traces: 4 });
    expect(f.stats().retraces).toEqual([
      "input [0].a: float64[2], then float64[3]",
      "input [0].a: float64[3], then float32[2]",
      "input [0]: { a }, then { a, b }",
    ]);
    expect(f({ a: tensor([5, 6]) }).item()).toBe(11);
  });
});

describe("what was handed out stays as it is", () => {
  // Small ones are copied number by number, large ones all at once, and inputs of more than 256 are remembered.
  test.each([1, 10, 300, 5000])("%d numbers, over 20 calls", (n) => {
    const f = compile((t: Tensor) => [mul(t, 2), sum(t), reshape(t, [1, n])]);
    const held = Array.from({ length: 20 }, (_, k) => {
      const given = tensor(Array.from({ length: n }, (_, i) => i + k));
      return f(given) as Inputs & Tensor[];
    });
    held.forEach(([y, total, view], k) => {
      expect([y!.data[0], y!.data[n - 1]]).toEqual([2 * k, 2 * (n - 1 + k)]);
      expect(total!.item()).toBe((n * (n - 1)) / 2 + n * k);
      expect(view!.data[n - 1]).toBe(n - 1 + k);
    });
  });

  test("also what is written into it by its owner", () => {
    const f = compile((t: Tensor) => mul(t, 2));
    const y = f(x);
    y.toTypedArray().fill(99);
    expect([...f(x).data]).toEqual([2, 4, 6, 8, 10, 12]);
  });

  test("two functions, one fed with the other's results, in turns", () => {
    const twice = compile((t: Tensor) => mul(t, 2));
    const less = compile((t: Tensor) => sub(t, 1));
    let t: Tensor = tensor(new Array(300).fill(1));
    const seen: number[] = [];
    for (let k = 0; k < 5; k++) {
      t = less(twice(t));
      seen.push(t.data[299]!);
    }
    expect(seen).toEqual([1, 1, 1, 1, 1]);
    t = less(twice(twice(t)));
    expect(t.data[0]).toBe(3);
  });
});

describe("inside transforms it is f", () => {
  const f = (t: Tensor): Tensor => sum(mul(sin(t), t));
  // d/dt Σ t sin t = sin t + t cos t
  const slope = (t: Tensor): Tensor => add(sin(t), mul(t, cos(t)));

  test("grad, vjp, jvp, valueAndGrad, of first and second order", () => {
    for (const compiled of [compile(f), called(compile(f))]) {
      expectClose(grad(compiled)(x)[0], slope(x), 1e-14);
      expectClose(vjp(compiled, x)[1](1)[0], slope(x), 1e-14);
      expectClose(jvp(compiled, [x], [x])[1] as Tensor, sum(mul(slope(x), x)), 1e-14);
      expectClose(valueAndGrad(compiled)(x)[0], f(x), 1e-14);
      const second = grad((t: Tensor) => sum(grad(compiled)(t)[0]))(x)[0];
      expectClose(second, sub(mul(2, cos(x)), mul(x, sin(x))), 1e-13);
    }
  });

  test("and compiled around it: grad(compile(f)) is compile(grad(f))", () => {
    const around = compile((t: Tensor) => grad(f)(t)[0]);
    const within = compile((t: Tensor) => grad(compile(f))(t)[0]);
    expectClose(around(x), slope(x), 1e-14);
    expect(within(x).data).toEqual(around(x).data);
    expectClose(grad(compile(f))(x)[0], around(x), 1e-14);
  });

  test("record and certify see its ops", () => {
    const program = record(compile(f), x);
    expect(Object.values(program.nodes).flatMap(({ op }) => op?.name ?? [])).toEqual(["sin", "mul", "sum"]);
    // Exact, so that what is off the tape, and compiled, is what is on it, to the bit.
    const squares = compile((t: Tensor) => sum(mul(t, t)));
    squares(x);
    expect(certify(squares, x).verdict).toBe("agrees");
  });

  test("one compiled function in another is part of it", () => {
    const inner = called(compile(f));
    const outer = compile((t: Tensor) => mul(inner(t), 2));
    expectClose(outer(x), mul(f(x), 2), 1e-14);
    expect(inner.stats().calls).toBe(1);
    expect(outer.stats().kernels).toEqual([]);
  });

  function called<T extends (t: Tensor) => Tensor>(compiled: T): T {
    compiled(x);
    return compiled;
  }
});

describe("what it closes over, inside transforms", () => {
  const k = tensor([1, 10, 100]);

  test("is differentiated: nothing is cut off", () => {
    const loss = (w: Tensor): Tensor => sum(compile((t: Tensor) => mul(t, w))(k));
    expect(grad(loss)(tensor(2))[0].item()).toBe(111);
    expect((jvp(loss, [tensor(2)], [tensor(1)])[1] as Tensor).item()).toBe(111);
    expect(compile((w: Tensor) => grad(loss)(w)[0])(tensor(2)).item()).toBe(111);
    expect(record(loss, tensor(2)).outputs).toHaveLength(1);
  });

  test("or is traced by a compiled function around it", () => {
    const f = compile((w: Tensor) => compile((t: Tensor) => mul(t, w))(k));
    expect([...f(tensor(2)).data]).toEqual([2, 20, 200]);
    expect([...f(tensor(3)).data]).toEqual([3, 30, 300]);
  });

  test("a value that outlived an inner tape still is on the outer one", () => {
    const triple = compile((t: Tensor) => mul(t, 3));
    triple(k);
    const [bar] = grad((w: Tensor) => {
      let kept: Tensor = k;
      jvp((t: Tensor) => (kept = mul(t, w)), [k], [k]);
      return sum(triple(kept));
    })(tensor(2));
    expect(bar.item()).toBe(333);
  });
});

describe("ops that fuse, against what they are by hand", () => {
  test("products with transposes, slices, and what is around them", () => {
    const w = tensor([
      [1, -1],
      [0, 2],
      [3, 1],
    ]);
    const f = compile((a: Tensor, b: Tensor) => [
      matmul(a, b),
      matmul(transpose(b), transpose(a)),
      max(matmul(a, b), 1),
      matmul(slice(a, [null, [0, 2]]), slice(b, [[0, 2]])),
    ]);
    // By hand.
    expect((f(x, w) as Tensor[]).map((t) => t.toArray())).toEqual([
      [
        [10, 6],
        [22, 12],
      ],
      [
        [10, 22],
        [6, 12],
      ],
      [10, 22],
      [
        [1, 3],
        [4, 6],
      ],
    ]);
  });

  test("results are tensors", () => {
    expect(compile((t: Tensor) => t)(x)).toBeInstanceOf(Tensor);
  });
});
