import { describe, expect, test } from "vitest";
import {
  foldConstants,
  grad,
  type Inputs,
  mul,
  type Program,
  record,
  removeDeadNodes,
  replay,
  scalar,
  sqrt,
  stopGradient,
  sum,
  type Tensor,
  tensor,
  toText,
} from "../../src/index.ts";

/** The same program with its first input held where it was recorded. */
function held(program: Program): Program {
  return { ...program, inputs: program.inputs.slice(1) };
}

const f = (a: Tensor, x: Tensor): Tensor => mul(sqrt(sum(mul(a, a))), x);
const program = record(f, tensor([3, 4]), tensor([1, 2]));

describe("foldConstants", () => {
  test("computes what depends on constants alone, in one pass, and keeps the ids", () => {
    const { after, patches } = foldConstants(held(program));
    expect(patches.map(({ op, path }) => `${op} ${path.join("/")}`)).toEqual([
      "replace nodes/2",
      "replace nodes/3",
      "replace nodes/4",
    ]);
    expect(toText(removeDeadNodes(after).after)).toBe(
      ["v1  = input       [2]  float64", "v5  = mul(5, v1)  [2]  float64", "returns v5"].join("\n"),
    );
    expect([...replay(after, [tensor([10, 20])])[0]!.data]).toEqual([50, 100]);
  });

  test("leaves alone what depends on an input, and inputs", () => {
    const pass = foldConstants(program);
    expect(pass.patches).toEqual([]);
    expect(pass.after).toBe(program);
  });

  test("keeps every bit: 0.1 + 0.2 in float32, -0, NaN", () => {
    const values = tensor([0.1, -0, Number.NaN], { dtype: "float32" });
    const twice = record((a: Tensor) => mul(a, a), values);
    const minus = record((a: Tensor) => mul(a, -1), values);
    for (const recorded of [twice, minus]) {
      const expected = replay(recorded, [values])[0]!;
      const { after } = foldConstants(held(recorded));
      expect(after.nodes[after.outputs[0]!]?.op).toBeNull();
      expect(Array.from(replay(after, [])[0]!.data, (v) => (Object.is(v, -0) ? "-0" : v))).toEqual(
        Array.from(expected.data, (v) => (Object.is(v, -0) ? "-0" : v)),
      );
    }
  });

  test("a value is worked out anew, not believed: a rewritten node may say something else", () => {
    const base = held(record((a: Tensor, x: Tensor) => mul(stopGradient(a), x), scalar(2), scalar(3)));
    const stale: Program = { ...base, nodes: { ...base.nodes, 0: { ...base.nodes[0]!, value: scalar(7) } } };
    expect(replay(foldConstants(stale).after, [scalar(3)])[0]!.item()).toBe(21);
  });

  test("a constant that stands on an outer tape keeps its derivative there", () => {
    // d/da (a² x) = 2 a x
    const slope = grad((a: Tensor) => {
      const inner = held(record((b: Tensor, x: Tensor) => mul(mul(b, b), x), a, scalar(5)));
      return replay(foldConstants(inner).after, [scalar(5)] as Inputs)[0]!;
    })(3);
    expect(slope[0].item()).toBe(30);
  });
});
