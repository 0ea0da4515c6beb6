import { describe, expect, test } from "vitest";
import {
  add,
  bind,
  exp,
  fromData,
  full,
  grad,
  type Inputs,
  mean,
  mergeCommon,
  mul,
  named,
  type Program,
  primitive,
  Relu,
  record,
  removeDeadNodes,
  replay,
  scalar,
  sum,
  type Tensor,
  tensor,
  toText,
} from "../../src/index.ts";

const x = named(tensor([1, 2, 3]), "x");

function merged(f: (...x: Inputs) => Tensor, ...at: Inputs): Program {
  return removeDeadNodes(mergeCommon(record(f, ...at)).after).after;
}

const applications = (program: Program, name: string): number =>
  Object.values(program.nodes).filter(({ op }) => op?.name === name).length;
const constants = ({ nodes, inputs }: Program): number =>
  Object.entries(nodes).filter(([id, { op }]) => op === null && !inputs.includes(Number(id))).length;

describe("mergeCommon", () => {
  test("what is computed twice is computed once, as far up as it is the same", () => {
    const after = merged((t) => add(mul(exp(t!), 2), mul(exp(t!), 2)), x);
    expect(toText(after)).toBe(
      [
        "x   = input        [3]  float64",
        "v1  = exp(x)       [3]  float64",
        "v3  = mul(v1, 2)   [3]  float64",
        "v7  = add(v3, v3)  [3]  float64",
        "returns v7",
      ].join("\n"),
    );
    expect([...replay(after, [tensor([0, 1, 2])])[0]!.data]).toEqual([0, 1, 2].map((v) => 4 * Math.exp(v)));
  });

  test("first nobody reads the copy, later it goes", () => {
    const program = record((t: Tensor) => add(exp(t), exp(t)), x);
    const { after, patches } = mergeCommon(program);
    expect(patches.map(({ op, path }) => `${op} ${path.join("/")}`)).toEqual(["replace nodes/3"]);
    expect(after.nodes[3]?.parents).toEqual([1, 1]);
    expect(2 in after.nodes).toBe(true);
  });

  test("parameters count, member by member", () => {
    const m = tensor([
      [1, 2],
      [3, 4],
    ]);
    const sums = (...axes: readonly (number | readonly number[])[]): number =>
      applications(
        merged((t) => axes.map((axis) => sum(sum(t!, axis))).reduce((a, b) => add(a, b)), m),
        "sum",
      );
    // One to the axis, one to the scalar.
    expect(sums(0, [0])).toBe(2);
    expect(sums(0, 1)).toBe(4);
    const both = merged((t) => add(mean(t!, 0, { keepDims: true }), mean(t!, 0)), m);
    expect(applications(both, "mean")).toBe(2);
  });

  test("ops are one by their record, not by their name", () => {
    const impostor = primitive({ ...Relu, kernel: ([t], _, y) => y.data.set(t.data.slice()) });
    const after = merged(
      (t) => add(bind(Relu, [t!], undefined), bind(impostor, [t!], undefined)),
      tensor([-1, 2]),
    );
    expect(applications(after, "relu")).toBe(2);
    expect([...replay(after, [tensor([-1, 2])])[0]!.data]).toEqual([-1, 4]);
  });

  test("constants are one where every bit is: not 0 and -0, float32 and float64, [1] and []", () => {
    const count = (...values: readonly Tensor[]): number =>
      constants(merged((t) => values.map((c) => sum(mul(t!, c))).reduce((a, b) => add(a, b)), x));
    expect(count(scalar(2), scalar(2), full([1], 2))).toBe(2);
    expect(count(scalar(0), scalar(-0))).toBe(2);
    expect(count(scalar(Number.NaN), scalar(Number.NaN))).toBe(1);
    expect(count(full([3], 2), scalar(2))).toBe(2);
    expect(count(scalar(2), scalar(2, "int32"))).toBe(2);
  });

  test("NaN is one with itself by its payload", () => {
    const nan = (payload: number): Tensor => {
      const bits = new BigUint64Array([0x7ff8000000000000n + BigInt(payload)]);
      return fromData([1], "float64", new Float64Array(bits.buffer));
    };
    expect(constants(merged((t) => add(mul(t!, nan(1)), mul(t!, nan(2))), x))).toBe(2);
    expect(constants(merged((t) => add(mul(t!, nan(1)), mul(t!, nan(1))), x))).toBe(1);
  });

  test("two that stand on an outer tape are two, whatever their numbers", () => {
    // d/da (a x b) at a = b = 2: both are 2, and only one of them moves.
    const slopes = grad((a: Tensor, b: Tensor) => {
      const inner = record((t: Tensor) => mul(mul(t, a), b), scalar(5));
      return replay(mergeCommon(inner).after, [scalar(5)])[0]!;
    })(2, 2);
    expect(slopes.map((t) => t.item())).toEqual([10, 10]);
  });

  test("inputs are never one; what is returned twice is one", () => {
    const program = record((a: Tensor, b: Tensor): Inputs => [exp(a), exp(b), exp(a)], x, x);
    expect(mergeCommon(program).after.outputs).toEqual([2, 3, 2]);
  });

  test("a name given to the copy goes to what stands for it", () => {
    const after = merged((t) => add(exp(t!), named(exp(t!), "e")), x);
    expect(Object.values(after.nodes).map(({ name }) => name)).toContain("e");
    expect(toText(after)).toContain("add(e, e)");
  });
});
