/** Arguments that may be written over: parameters and state of a training step. */
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  add,
  compile,
  crossEntropy,
  grad,
  IndexError,
  type Inputs,
  matmul,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from "../../src/index.ts";

const filled = (n: number, v: number): Tensor => tensor(new Array(n).fill(v));
const GONE = /donated to a compiled function/;

describe("donated arguments", () => {
  test.each([4, 1000])("of %d numbers: steps go on from one another, in place", (n) => {
    const step = compile((p: Tensor, g: Tensor) => [sub(p, mul(0.5, g)), sum(p)], { donate: [0] });
    expect(step.explain()).toContain("call it first");
    let p: Tensor = filled(n, 8);
    const sums: number[] = [];
    for (let k = 0; k < 4; k++) {
      const [next, total] = step(p, filled(n, 2 ** k)) as Inputs & Tensor[];
      sums.push(total!.item() / n);
      p = next!;
    }
    // 8 - (1 + 2 + 4 + 8) / 2
    expect([...p.data]).toEqual(new Array(n).fill(0.5));
    expect(sums).toEqual([8, 7.5, 6.5, 4.5]);
    expect(step.explain()).toContain("1 results take the place of inputs, 1 of them at once");
  });

  test("what was given away refuses to be read; what was read before stays", () => {
    const step = compile((p: Tensor) => add(p, 1), { donate: [0] });
    const given = filled(3, 0);
    const first = step(given);
    const second = step(first);
    const third = step(second);
    expect(third.data[0]).toBe(3);
    const read = step(third);
    expect(() => first.data).toThrow(ArgumentError);
    expect(() => second.data).toThrow(GONE);
    expect(() => add(second, 1)).toThrow(GONE);
    expect([...third.data]).toEqual([3, 3, 3]);
    expect([...read.data]).toEqual([4, 4, 4]);
    // An array of the caller's own is never written to.
    expect([...given.data]).toEqual([0, 0, 0]);
    expect(() => step(second)).toThrow(GONE);
    expect([...step(read).data]).toEqual([5, 5, 5]);
  });

  test("a result that is not donated but held survives the next call on something else", () => {
    const step = compile((p: Tensor) => mul(p, 2), { donate: [0] });
    const held = step(filled(300, 1));
    const other = step(filled(300, 10));
    expect([held.data[299], other.data[299]]).toEqual([2, 20]);
    expect(step(held).data[0]).toBe(4);
  });

  test("the same tensor twice, results exchanged, and results of others", () => {
    const f = (a: Tensor, b: Tensor): Inputs => [add(a, b), sub(a, mul(b, 2))];
    const step = compile(f, { donate: [0, 1] });
    const a = filled(300, 3);
    const values = (y: Inputs): readonly number[] => y.map(({ data }) => data[0]!);
    let [p, q] = step(a, a) as Inputs & [Tensor, Tensor];
    // (6, -3) exchanged: (-3 + 6, -3 - 12)
    [p, q] = step(q, p) as Inputs & [Tensor, Tensor];
    // (3, -15), one of them twice: (6, -3)
    const both = step(p, p) as Inputs & [Tensor, Tensor];
    expect(values(both)).toEqual([6, -3]);
    expect(q.data[0]).toBe(-15);
    const other = compile(f, { donate: [0, 1] });
    const there = other(both[0], both[1]);
    expect(values(there)).toEqual([3, 12]);
    expect(values(both)).toEqual([6, -3]);
  });

  test("what one result overwrites, others read first", () => {
    const f = (a: Tensor, b: Tensor): Inputs => [mul(b, 2), add(a, 1), sum(a), sum(a, 0), sum(mul(a, b))];
    const a = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const b = mul(a, 10);
    for (const donate of [[0], [1], [0, 1]]) {
      const y = compile(f, { donate })(a, b) as Inputs;
      expect(y.map((t) => [...t.data])).toEqual([
        [20, 40, 60, 80, 100, 120],
        [2, 3, 4, 5, 6, 7],
        [21],
        [5, 7, 9],
        [910],
      ]);
    }
  });

  test("an argument that is returned, or a view of it, is not given away", () => {
    const f = compile((p: Tensor) => [add(p, 1), reshape(p, [2, 2]), p], { donate: [0] });
    const given = tensor([1, 2, 3, 4]);
    const [next, view, same] = f(given) as Inputs & Tensor[];
    const [after] = f(next!) as Inputs & Tensor[];
    expect([next, view, same, after].map((t) => [...t!.data])).toEqual([
      [2, 3, 4, 5],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [3, 4, 5, 6],
    ]);
  });

  test("what cannot be written in place is copied there", () => {
    // Each result depends on all of the argument.
    const step = compile((p: Tensor) => matmul(p, transpose(p)), { donate: [0] });
    const p = tensor([
      [1, 1],
      [0, 1],
    ]);
    const first = step(p);
    expect(first.toArray()).toEqual([
      [2, 1],
      [1, 1],
    ]);
    expect(step(step(p)).toArray()).toEqual([
      [5, 3],
      [3, 2],
    ]);
    expect(step.explain()).toContain("1 results take the place of inputs, 0 of them at once");
  });

  test("trees, and places that there are not", () => {
    const step = compile((p: { w: Tensor; b: Tensor }, x: Tensor) => ({ b: add(p.b, x), w: mul(p.w, 2) }), {
      donate: [0, 7],
    });
    let p = { w: filled(3, 1), b: filled(3, 0) };
    for (let k = 0; k < 3; k++) {
      const y = step(p, filled(3, 1));
      p = { w: y.w, b: y.b };
    }
    expect([p.w.data[0], p.b.data[0]]).toEqual([8, 3]);
    expect(() => compile((t: Tensor) => t, { donate: [-1] })).toThrow(ArgumentError);
    expect(() => compile((t: Tensor) => t, { donate: 0 as unknown as number[] })).toThrow(ArgumentError);
  });

  test("a step that is refused loses nothing", () => {
    const loss = (w: Tensor, x: Tensor, labels: Tensor): Tensor => sum(crossEntropy(matmul(x, w), labels));
    const step = compile(
      (w: Tensor, x: Tensor, labels: Tensor) => sub(w, grad((v: Tensor) => loss(v, x, labels))(w)[0]),
      { donate: [0] },
    );
    const x = tensor([
      [1, 0],
      [0, 1],
    ]);
    const good = tensor([0, 1], { dtype: "int32" });
    const bad = tensor([0, 9], { dtype: "int32" });
    const w = step(mul(x, 0), x, good);
    expect(() => step(w, x, bad)).toThrow(IndexError);
    const again = step(w, x, good);
    // Two steps of a logistic regression of two classes, from 0: 1/2, then sigmoid(-1) more.
    const expected = 0.5 + 1 / (1 + Math.E);
    expect(again.data[0]).toBeCloseTo(expected, 14);
    expect(again.data[1]).toBeCloseTo(-expected, 14);
  });
});
