import { applyPatches, enablePatches } from "immer";
import { describe, expect, test } from "vitest";
import {
  type AnyPrimitive,
  ArgumentError,
  add,
  bind,
  cast,
  certifyWith,
  type Fused,
  FusedBatchNorm,
  FusedLayerNorm,
  grad,
  type Inputs,
  type Mutation,
  type MutationScore,
  mul,
  mutate,
  mutationScore,
  named,
  ones,
  type Program,
  replay,
  square,
  sum,
  type Tensor,
} from "../src/index.ts";
import { directions } from "./draw.ts";
import { BATCH_NORM_PLANTS } from "./planted/batchNorm.ts";

type XGammaBeta = readonly [x: Tensor, gamma: Tensor, beta: Tensor];
type Norm = Fused<XGammaBeta, { readonly axes: readonly number[]; readonly eps: number }>;

const draw = directions(5, "mutation");
const like = (...shape: number[]): Tensor => draw({ shape, dtype: "float64" });
const named3 = (x: Tensor, gamma: Tensor, beta: Tensor): XGammaBeta => [
  named(x, "x"),
  named(gamma, "gamma"),
  named(beta, "beta"),
];

const BATCH = { params: { axes: [0], eps: 1e-5 }, inputs: named3(mul(like(6, 3), 3), like(3), like(3)) };
const BATCH_OF_IMAGES = {
  params: { axes: [0, 2, 3], eps: 1e-5 },
  inputs: named3(like(3, 2, 2, 3), like(2), like(2)),
};
const LAYER = { params: { axes: [1], eps: 1e-5 }, inputs: named3(like(4, 5), like(5), like(5)) };
const LAYER_AT_START = { params: LAYER.params, inputs: named3(like(4, 5), ones([5]), like(5)) };

type Setting = typeof BATCH;

const certified =
  ({ params, inputs }: Setting) =>
  (op: Norm): unknown =>
    certifyWith({ params }, op, ...inputs);

/** What people write: the gradients of one loss, fused against composed, with tolerances that look strict. */
const comparing =
  ({ params, inputs }: Setting, loss: (y: Tensor) => Tensor) =>
  (op: Norm): boolean => {
    const fused = grad((x: Tensor, g: Tensor, b: Tensor) => loss(bind(op, [x, g, b], params)))(...inputs);
    const composed = grad((x: Tensor, g: Tensor, b: Tensor) => loss(op.reference([x, g, b], params)))(
      ...inputs,
    );
    return fused.every((bar, k) => isClose(bar, composed[k]!, 1e-4));
  };

function isClose(a: Tensor, b: Tensor, absolute: number): boolean {
  return Array.from(a.data).every(
    (v, i) => Math.abs(v - b.data[i]!) <= absolute + 1e-5 * Math.abs(b.data[i]!),
  );
}

function has({ survivors }: MutationScore, kind: string, words = ""): boolean {
  return survivors.some((m) => m.kind === kind && m.sentence.includes(words));
}

const isFused = (op: AnyPrimitive): op is Norm & AnyPrimitive => "reference" in op;

function planted(what: string): Norm {
  const op = BATCH_NORM_PLANTS.find((p) => p.what.endsWith(what))!.op;
  if (!isFused(op)) throw new TypeError(what);
  return op;
}

describe("what certify lets through: nothing", () => {
  test.each<[string, Norm, Setting]>([
    ["batch norm, (N, D)", FusedBatchNorm, BATCH],
    ["batch norm, NCHW", FusedBatchNorm, BATCH_OF_IMAGES],
    ["layer norm", FusedLayerNorm, LAYER],
  ])("%s", { timeout: 300_000 }, async (_, op, setting) => {
    const score = await mutationScore(op, certified(setting), setting);
    expect(score.survivors).toEqual([]);
    expect(score.score).toBe(1);
    expect(score.killed).toBe(score.total);
    expect(score.total).toBeGreaterThan(60);
    // In a registered op these cannot be errors, and there are no others.
    expect(new Set(score.equivalent.map((m) => m.kind))).toEqual(new Set(["a statistic detached"]));
    for (const { reason } of score.equivalent) expect(reason).toContain("comes from the reference");
  });
});

describe("what weaker tests let through", () => {
  test("batch norm, the loss sum(y): all that multiplies or projects", { timeout: 300_000 }, async () => {
    const score = await mutationScore(FusedBatchNorm, comparing(BATCH, sum), BATCH);
    expect(score.score).toBeLessThan(0.7);
    expect(has(score, "second term dropped", "sqrt(")).toBe(true);
    expect(has(score, "first factor dropped", "drops the factor gamma of gamma / sqrt(")).toBe(true);
    expect(has(score, "eps missing")).toBe(true);
    expect(has(score, "last element skipped", "gradient of x ")).toBe(true);
    expect(has(score, "1 + 1e-4 too large")).toBe(true);
    expect(has(score, "N - 1 for N", "sum(yBar * ")).toBe(true);
    // It does see that mean(ȳ) is missing, and what is wrong with the other two gradients.
    expect(has(score, "second term dropped", "drops the term sum(yBar)")).toBe(false);
    expect(has(score, "gradient zeroed", "beta")).toBe(false);
    expect(has(score, "sum and mean exchanged", "sum(yBar)")).toBe(false);
  });

  test("batch norm, the loss sum(y²): gamma and scale, but not xHat's term", {
    timeout: 300_000,
  }, async () => {
    const loss = (y: Tensor): Tensor => sum(square(y));
    const score = await mutationScore(FusedBatchNorm, comparing(BATCH, loss), BATCH);
    expect(has(score, "first factor dropped", "drops the factor gamma of gamma / sqrt(")).toBe(true);
    expect(has(score, "last element skipped", "gradient of x ")).toBe(true);
    expect(has(score, "1 + 1e-4 too large")).toBe(true);
    expect(has(score, "second term dropped", "sqrt(")).toBe(false);
    expect(has(score, "N - 1 for N", "sum(yBar * ")).toBe(false);
  });

  test("layer norm whose gamma is still 1", { timeout: 300_000 }, async () => {
    const score = await mutationScore(FusedLayerNorm, comparing(LAYER_AT_START, sum), LAYER_AT_START);
    expect(has(score, "second term dropped", "sqrt(")).toBe(true);
    expect(score.survivors.map((m) => m.sentence)).toContain("drops the factor gamma of yBar * gamma");
    expect(has(score, "gradient zeroed", "gradient of x")).toBe(true);
  });

  test("a test of the values only lets all through", async () => {
    const values = async (op: Norm): Promise<unknown> => {
      bind(op, BATCH.inputs, BATCH.params);
      return undefined;
    };
    const { killed, score, survivors, total } = await mutationScore(FusedBatchNorm, values, BATCH);
    expect([killed, score, survivors.length]).toEqual([0, 0, total]);
  });
});

test("a backward that is differentiated as it stands: constants are errors of second order", {
  timeout: 300_000,
}, async () => {
  const op = planted("nothing is wrong");
  const { inputs, params } = BATCH;
  const [loss, z] = [like(6, 3), like(6, 3)];
  const first =
    (f: (...t: XGammaBeta) => Tensor) =>
    (x: Tensor): Tensor =>
      grad((t: Tensor) => sum(mul(loss, f(t, inputs[1], inputs[2]))))(x)[0];
  const second = (f: (...t: XGammaBeta) => Tensor): Tensor =>
    grad((x: Tensor) => sum(mul(z, first(f)(x))))(inputs[0])[0];
  const fusedBy =
    (o: Norm) =>
    (...t: XGammaBeta): Tensor =>
      bind(o, t, params);
  const composed = (...t: XGammaBeta): Tensor => op.reference(t, params);

  const atFirst = await mutationScore(
    op,
    (o) => isClose(first(fusedBy(o))(inputs[0]), first(composed)(inputs[0]), 1e-10),
    BATCH,
  );
  expect(has(atFirst, "a statistic detached", "takes mean(x)")).toBe(true);
  expect(atFirst.equivalent.map((m) => m.kind)).not.toContain("a statistic detached");
  const atSecond = await mutationScore(op, (o) => isClose(second(fusedBy(o)), second(composed), 1e-9), BATCH);
  const detached = (s: MutationScore): number =>
    s.survivors.filter((m) => m.kind === "a statistic detached").length;
  // What is left concerns gamma and beta alone, which this test does not look at.
  expect(detached(atSecond)).toBeLessThan(detached(atFirst));
  expect(has(atSecond, "a statistic detached", "takes mean(")).toBe(false);
});

describe("mutants", () => {
  // Written by hand, apart from the registered rule.
  test.each<[string, (m: Mutation) => boolean]>([
    ["eps forgotten", (m) => m.kind === "eps missing"],
    ["gamma missing", (m) => m.sentence.startsWith("drops the factor gamma of gamma / sqrt(")],
    ["mean of the cotangent dropped", (m) => m.sentence.startsWith("drops the term sum(yBar) /")],
    [
      "xHat's term dropped",
      (m) => m.kind === "second term dropped" && m.sentence.startsWith("drops the term (sum(yBar *"),
    ],
  ])("%s, found at one shape, made at another", (what, is) => {
    const found = mutate(FusedBatchNorm, BATCH).filter(is);
    expect(found.length).toBe(1);
    const { inputs: x, params } = BATCH_OF_IMAGES;
    const y = bind(FusedBatchNorm, x, params);
    const yBar = like(...y.shape);
    const made = found[0]!.op.vjp({ x, y, params }, yBar, [true, true, true]);
    const byHand = planted(what).vjp({ x, y, params }, yBar, [true, true, true]);
    const right = FusedBatchNorm.vjp({ x, y, params }, yBar, [true, true, true]);
    expect(isClose(made[0]!, byHand[0]!, 1e-12)).toBe(true);
    expect(isClose(made[0]!, right[0]!, 1e-12)).toBe(false);
    expect(found[0]!.op.vjp({ x, y, params }, yBar, [false, true, false]).map((bar) => bar === null)).toEqual(
      [true, false, true],
    );
  });

  test("their rewrites are programs, and their patches lead there and back", () => {
    enablePatches();
    const { inputs: x, params } = BATCH;
    const leaves: Inputs = [...x, bind(FusedBatchNorm, x, params), like(6, 3)];
    for (const { rewrite } of mutate(FusedBatchNorm, BATCH)) {
      expect(applyPatches<Program>(rewrite.before, [...rewrite.patches])).toEqual(rewrite.after);
      expect(applyPatches<Program>(rewrite.after, [...rewrite.inverse])).toEqual(rewrite.before);
      const bars = replay(rewrite.after, leaves);
      expect(bars.map((bar) => bar.shape)).toEqual(x.map((t) => t.shape));
      for (const [k, bar] of bars.entries()) {
        expect(bar.shape).toEqual(rewrite.after.nodes[rewrite.after.outputs[k]!]!.shape);
      }
    }
  });

  test("float32 gives float32", () => {
    const [x, gamma, beta] = BATCH.inputs.map((t) => cast(t, "float32")) as [Tensor, Tensor, Tensor];
    const { params } = BATCH;
    const y = bind(FusedBatchNorm, [x, gamma, beta], params);
    const yBar = cast(like(6, 3), "float32");
    for (const { op } of mutate(FusedBatchNorm, BATCH)) {
      const bars = op.vjp({ x: [x, gamma, beta], y, params }, yBar, [true, true, true]);
      expect(bars.map((bar) => bar?.dtype)).toEqual(["float32", "float32", "float32"]);
    }
  });

  test("every kind is found at the ops' own samples, once at each place", () => {
    const all = mutate(FusedBatchNorm);
    expect(new Set(all.map(({ kind, node }) => `${kind} ${node}`)).size).toBe(all.length);
    expect([...new Set(all.map((m) => m.kind))]).toEqual([
      "first term dropped",
      "second term dropped",
      "wrong sign",
      "1 + 1e-4 too large",
      "first factor dropped",
      "second factor dropped",
      "first factor squared",
      "second factor squared",
      "eps missing",
      "N - 1 for N",
      "sum and mean exchanged",
      "the first of its axes only",
      "the axes next to its own",
      "a statistic detached",
      "last element skipped",
      "gradient zeroed",
      "gradients swapped",
    ]);
  });
});

describe("the score", () => {
  test("is the same each time, is plain data, and prints as a table", { timeout: 300_000 }, async () => {
    const run = (): Promise<MutationScore> => mutationScore(FusedBatchNorm, comparing(BATCH, sum), BATCH);
    const [a, b] = [await run(), await run()];
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
    expect(JSON.parse(JSON.stringify(a))).toMatchObject({ subject: "fusedBatchNorm", total: a.total });
    const lines = String(a).split("\n");
    expect(lines[0]).toBe(
      `fusedBatchNorm: ${a.killed} of ${a.total} errors noticed (${(100 * a.score).toFixed(1)} %)`,
    );
    expect(String(a)).toContain("leaves the last element of the gradient of x at 0");
    expect(String(a)).toContain("takes mean(x) for a constant when it is differentiated");
  });

  test("a test that throws or rejects has noticed, one that fails anyway is refused", async () => {
    const right = comparing(BATCH, sum);
    const rejecting = async (op: Norm): Promise<void> => {
      if (!right(op)) throw new RangeError("too far off");
    };
    const throwing = (op: Norm): void => {
      if (!right(op)) throw new RangeError("too far off");
    };
    const [a, b, c] = [
      await mutationScore(FusedBatchNorm, right, BATCH),
      await mutationScore(FusedBatchNorm, rejecting, BATCH),
      await mutationScore(FusedBatchNorm, throwing, BATCH),
    ];
    expect(b.killed).toBe(a.killed);
    expect(c.killed).toBe(a.killed);
    await expect(mutationScore(FusedBatchNorm, () => false, BATCH)).rejects.toThrow(
      "mutationScore: a test that passes on fusedBatchNorm as it is, got false",
    );
    const broken = mutationScore(planted("gamma missing"), certified(BATCH), BATCH);
    await expect(broken).rejects.toThrow("got a report that disagrees");
  });

  test("refuses what it cannot use", () => {
    // @ts-expect-error a function is no record
    expect(() => mutate(add)).toThrow(ArgumentError);
    expect(() => mutate(FusedBatchNorm, { params: BATCH.params })).toThrow("params beside the inputs");
    // @ts-expect-error numbers are no tensors
    expect(() => mutate(FusedBatchNorm, { inputs: [1, 2, 3] })).toThrow("inputs that are tensors");
    // @ts-expect-error misspelt
    expect(() => mutate(FusedBatchNorm, { input: BATCH.inputs })).toThrow("input");
  });
});
