/** Why gradients are zero or missing: each kind of reason, with its op, its line and the way to it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  add,
  argmax,
  batchNorm,
  cast,
  clamp,
  type Explanation,
  explain,
  floor,
  fusedBatchNorm,
  grad,
  greater,
  layerNorm,
  log,
  matmul,
  mul,
  named,
  oneHot,
  type Reason,
  type ReasonKind,
  random,
  relu,
  sigmoid,
  sign,
  softmax,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  take,
  tanh,
  tensor,
  where,
} from "../src/index.ts";

const file = fileURLToPath(import.meta.url);
const lines = readFileSync(file, "utf8").split("\n");
const lineOf = (marker: string): number => lines.findIndex((line) => line.endsWith(`// ${marker}`)) + 1;

const x = named(random(2).normal([4, 3]), "x");
const w = named(tensor([0.5, -1, 2]), "w");
const low = named(tensor([-3, -0.5, -1]), "low");

type F = (...t: Tensor[]) => Tensor;
type Case = readonly [
  ReasonKind,
  what: string,
  f: F,
  inputs: readonly Tensor[],
  op: string | null,
  path: string,
];

const CASES: readonly Case[] = [
  [
    "not differentiable",
    "labels",
    (t, k) => sum(take(t!, k!, 0)),
    [x, named(tensor(Int32Array.of(1, 2)), "k")],
    null,
    "k",
  ],
  ["not used", "a parameter that is forgotten", (t, _) => sum(t!), [x, w], null, "w"],
  [
    "leads nowhere",
    "what is computed and dropped",
    (t, u) => [sum(t!), mul(u!, 2)][0]!,
    [x, w],
    "mul",
    "w -> mul",
  ],
  [
    "stopped",
    "by hand",
    (t, u) => sum(mul(t!, stopGradient(square(u!)))),
    [x, w],
    "stopGradient",
    "w -> square -> stopGradient",
  ],
  [
    "integer",
    "a cast",
    (t, u) => sum(mul(t!, cast(cast(u!, "int32"), "float64"))),
    [x, w],
    "cast",
    "w -> cast",
  ],
  ["integer", "an argmax", (t, u) => sum(mul(t!, oneHot(argmax(u!), 3))), [x, w], "argmax", "w -> argmax"],
  [
    "comparison",
    "a condition",
    (t, u) => sum(where(greater(u!, 0), t!, 0)),
    [x, w],
    "greater",
    "w -> greater",
  ],
  ["constant in pieces", "sign", (t, u) => sum(mul(t!, sign(u!))), [x, w], "sign", "w -> sign"],
  [
    "constant in pieces",
    "floor, further on",
    (t, u) => sum(mul(t!, floor(tanh(u!)))),
    [x, w],
    "floor",
    "w -> tanh -> floor",
  ],
  [
    "dead branch",
    "of where",
    (t, u) => sum(where(greater(t!, 99), mul(u!, t!), t!)),
    [x, w],
    "where",
    "w -> mul -> where",
  ],
  ["flat", "a dead relu", (t, u) => sum(add(t!, relu(u!))), [x, low], "relu", "low -> relu"],
  [
    "flat",
    "a saturated sigmoid",
    (t, u) => sum(mul(t!, sigmoid(mul(u!, 100)))),
    [x, named(tensor([9, 10, 11]), "w")],
    "sigmoid",
    "w -> mul -> sigmoid",
  ],
  ["flat", "clamped away", (t, u) => sum(add(t!, clamp(u!, { min: 0 }))), [x, low], "clamp", "low -> clamp"],
  ["flat", "a factor of 0", (t, u) => sum(mul(mul(t!, 0), u!)), [x, w], "mul", "w -> mul"],
  ["cancels", "a sum of normalised outputs", (t) => sum(batchNorm(t!, 1, 0)), [x], null, "x"],
  [
    "cancels",
    "the same, fused",
    (t) => sum(fusedBatchNorm(t!, 1, 0)),
    [x],
    "fusedBatchNorm",
    "x -> fusedBatchNorm",
  ],
  ["cancels", "shares add up to 1", (t) => sum(softmax(t!)), [x], "softmax", "x -> softmax"],
  ["cancels", "a difference with itself", (t) => sum(sub(t!, t!)), [x], null, "x"],
  [
    "flat",
    "a product with zeros",
    (t) => sum(matmul(t!, tensor([[0], [0], [0]]))),
    [x],
    "matmul",
    "x -> matmul",
  ],
  [
    "cancels",
    "gamma of a sum of normalised outputs",
    (t, u) => sum(add(t!, mul(u!, stopGradient(batchNorm(t!, 1, 0))))),
    [x, w],
    "mul",
    "w -> mul",
  ],
  [
    "stationary",
    "a minimum",
    (t) => sum(sub(square(t!), mul(2, t!))),
    [named(tensor([1, 1]), "x")],
    null,
    "x",
  ],
];

function reasonFor(f: F, inputs: readonly Tensor[]): { explanation: Explanation; reason: Reason } {
  const explanation = explain(f, ...inputs);
  const last = explanation.inputs[explanation.inputs.length - 1]!;
  expect(last.reasons).toHaveLength(1);
  return { explanation, reason: last.reasons[0]! };
}

describe("explain", () => {
  it.each(CASES)("%s: %s", (kind, _, f, inputs, op, path) => {
    const { explanation, reason } = reasonFor(f, inputs);
    expect(reason.kind).toBe(kind);
    expect(reason.op).toBe(op);
    expect(reason.path.join(" -> ")).toBe(path);
    const last = explanation.inputs[explanation.inputs.length - 1]!;
    const isMissing = !["dead branch", "flat", "cancels", "stationary"].includes(kind);
    expect(last.verdict).toBe(isMissing ? "missing" : "zero");
    for (const other of explanation.inputs.slice(0, -1)) {
      if (!/factor of 0/.test(_)) expect(other).toMatchObject({ verdict: "flows", reasons: [] });
    }
    // And it is so.
    if (kind === "not differentiable") return;
    const bar = grad(f)(...inputs)[inputs.length - 1]!;
    expect(Math.max(...Array.from(bar.data, Math.abs))).toBeLessThan(1e-12);
    expect(String(explanation)).toContain(kind);
  });

  it("names the line that applied the op", () => {
    const f = (t: Tensor, u: Tensor): Tensor => {
      const frozen = stopGradient(u); // frozen here
      return sum(mul(t, frozen));
    };
    const { reason } = reasonFor(f as F, [x, w]);
    expect(reason.origin).toMatch(`${file}:${lineOf("frozen here")}:`);
    expect(String(explain(f, x, w))).toContain(`applied at ${file}:${lineOf("frozen here")}:`);
  });

  it("lists every place where there are several", () => {
    const f = (u: Tensor): Tensor => add(sum(stopGradient(u)), sum(sign(u)));
    const [input] = explain(f, w).inputs;
    expect(input!.verdict).toBe("missing");
    expect(input!.reasons.map(({ kind }) => kind)).toEqual(["stopped", "constant in pieces"]);
  });

  it("says how many entries are 0 where a gradient flows", () => {
    const [input] = explain((t: Tensor) => sum(relu(t)), tensor([-1, 2, -3])).inputs;
    expect(input).toEqual({
      input: "input 0",
      verdict: "flows",
      entries: 3,
      zeros: 2,
      largest: 1,
      reasons: [],
    });
  });

  it("does not take a small gradient for none", () => {
    const small = (t: Tensor): Tensor => sum(mul(t, 1e-12));
    expect(explain(small, x).inputs[0]!.verdict).toBe("flows");
    expect(explain((t: Tensor) => sum(mul(w, layerNorm(t, 1, 0))), x).inputs[0]!.verdict).toBe("flows");
  });

  it("sends what is not finite to withBlame", () => {
    const [input] = explain((t: Tensor) => sum(mul(log(t), 0)), tensor([0, 1])).inputs;
    expect(input!.verdict).toBe("zero");
    const [other] = explain((t: Tensor) => sum(log(t)), tensor([0, 1])).inputs;
    expect(other!.verdict).toBe("not finite");
  });

  it("takes trees, and results that are no plain numbers", () => {
    const f = ({ W, b }: { W: Tensor; b: Tensor }, t: Tensor): Tensor => matmul(t, mul(W, stopGradient(b)));
    const { inputs } = explain(f, { W: tensor([[1], [2], [3]]), b: tensor([[1], [1], [1]]) }, x);
    expect(inputs.map(({ input, verdict }) => [input, verdict])).toEqual([
      ["input 0 W", "flows"],
      ["input 0 b", "missing"],
      ["x", "flows"],
    ]);
  });

  it("prints a line an input, and the reasons under it", () => {
    const loss = (t: Tensor, u: Tensor): Tensor => sum(add(t, relu(u)));
    const printed = String(explain(loss, x, low));
    expect(printed.replace(/applied at .*/, "applied at LINE")).toBe(
      [
        "gradients of loss",
        "  x    flows  the largest of 12 entries is 1",
        "  low  zero   the largest of 3 entries is 0",
        "    flat at relu: its derivative is 0 here: low from -3 to -0.5",
        "      by low -> relu",
        "      applied at LINE",
      ].join("\n"),
    );
  });
});
