import { describe, expect, expectTypeOf, test } from "vitest";
import type { NormParams } from "../ops/families/normalizing.ts";
import {
  ArgumentError,
  add,
  batchNorm,
  bind,
  cast,
  certifyWith,
  equal,
  FusedBatchNorm,
  fusedBatchNorm,
  grad,
  layerNorm,
  mul,
  NotDifferentiableError,
  named,
  relu,
  Square,
  square,
  stopGradient,
  sum,
  type Tensor,
  tensor,
} from "../src/index.ts";
import { matchers } from "../src/vitest/index.ts";
import { BATCH_NORM_PLANTS } from "./planted/batchNorm.ts";

const x = tensor([
  [1, 2],
  [3, 5],
  [8, 4],
]);

/** x², whose gradient is taken for x. */
const cut = (t: Tensor): Tensor => mul(t, stopGradient(t));

test("toHaveCorrectGradients passes a right layer and reports on a wrong one", () => {
  expect(batchNorm).toHaveCorrectGradients(x, 1, 0);
  expect(fusedBatchNorm).toHaveCorrectGradients(x, 1, 0);
  expect(cut).not.toHaveCorrectGradients(x);
  expect(() => expect(cut).toHaveCorrectGradients(x)).toThrow(
    /^expected the gradients of cut to be correct\n\ncut: disagrees[\s\S]*gradient of input 0: .* worst at \[2, 0\]/,
  );
  expect(() => expect(square).not.toHaveCorrectGradients(x)).toThrow(
    /^expected the gradients of square not to be correct\n\nsquare: agrees/,
  );
});

test("toHaveCorrectGradients, where nothing was shown, is no pass either way", () => {
  const vacuous = (t: Tensor): Tensor => sum(batchNorm(t, 1, 0));
  expect(() => expect(vacuous).toHaveCorrectGradients(x)).toThrow("nothing was shown");
  expect(() => expect(vacuous).not.toHaveCorrectGradients(x)).toThrow("nothing was shown");
  expect(() => expect(relu).not.toHaveCorrectGradients(tensor([0, 1]))).toThrow("not differentiable here");
});

test("toHaveCorrectGradients refuses what cannot be certified, in its own name", () => {
  expect(() => expect(3).toHaveCorrectGradients(x)).toThrow(
    "toHaveCorrectGradients: a function or a primitive to certify, got 3",
  );
  expect(() => expect(FusedBatchNorm).toHaveCorrectGradients(x, tensor([1, 1]), tensor([0, 0]))).toThrow(
    "toHaveCorrectGradients: parameters, which fusedBatchNorm needs, got none; give them to certifyWith",
  );
  expect(() => expect(square).toHaveCorrectGradients()).toThrow(NotDifferentiableError);
});

describe("toAgreeWith", () => {
  test("passes two ways to write one function, an op among them", () => {
    expect(fusedBatchNorm).toAgreeWith(batchNorm, x, tensor([2, -1]), tensor([0.5, 3]));
    expect(Square).toAgreeWith((t: Tensor) => mul(t, t), x);
    expect((p: { w: Tensor }) => square(p.w)).toAgreeWith((p: { w: Tensor }) => mul(p.w, p.w), { w: x });
    expect((t: Tensor) => [t, sum(t)]).toAgreeWith((t: Tensor) => [mul(t, 1), sum(sum(t, 0))], x);
    expect((t: Tensor) => equal(t, 3)).toAgreeWith((t: Tensor) => equal(3, t), x);
  });

  test("a bias that batch norm removes has a gradient of nothing but rounding", () => {
    const biased = (norm: typeof batchNorm) => (b: Tensor) => norm(add(x, b), 1, 0);
    expect(biased(fusedBatchNorm)).toAgreeWith(biased(batchNorm), tensor([0.3, 0.1]));
  });

  test("names the entry of a value, and the two values", () => {
    const almost = (t: Tensor): Tensor =>
      mul(
        square(t),
        tensor([
          [1, 1],
          [1, 1],
          [1, 1 + 1e-6],
        ]),
      );
    expect(almost).not.toAgreeWith(square, x);
    expect(() => expect(almost).toAgreeWith(square, x)).toThrow(
      "expected almost to agree with square to 1e-10: entry [2, 1] of the value is 16.000016, expected 16 (differs by 2.5e-7",
    );
  });

  test("names the input and the entry of a gradient", () => {
    expect(cut).not.toAgreeWith(square, x);
    expect(() => expect(cut).toAgreeWith(square, x)).toThrow(
      /cut to agree with square to 1e-10: entry \[\d, \d\] of the gradient of input 0 is \S+, expected \S+ \(differs by/,
    );
    const wrong = (t: Tensor, g: Tensor, b: Tensor): Tensor =>
      batchNorm(t, g, add(stopGradient(b), mul(b, 0)));
    expect(() => expect(wrong).toAgreeWith(batchNorm, x, 1, 0.5)).toThrow("of the gradient of input 2 is 0,");
  });

  test("names what is not comparable", () => {
    const shape = (t: Tensor): Tensor => sum(t);
    expect(() => expect(shape).toAgreeWith(square, x)).toThrow("the value is float64[], not float64[3,2]");
    const dtype = (t: Tensor): Tensor => cast(t, "float32");
    expect(() => expect(dtype).toAgreeWith(square, x)).toThrow("the value is float32[3,2], not float64[3,2]");
    const two = (t: Tensor): Tensor[] => [t, t];
    expect(() => expect(two).toAgreeWith(square, x)).toThrow("it gives 2 tensors, not 1");
    expect(() => expect(3).not.toAgreeWith(square, x)).toThrow("a function or an op");
  });

  test("negated, says that they agree", () => {
    expect(() => expect(square).not.toAgreeWith(Square, x)).toThrow(
      "expected square not to agree with square to 1e-10: values and all gradients do",
    );
    expect(layerNorm).not.toAgreeWith(batchNorm, x, 1, 0);
  });
});

describe("toBeCloseToTensor", () => {
  test("compares shape, dtype and entries, and names the worst", () => {
    expect(mul(x, 1)).toBeCloseToTensor(x);
    expect(mul(x, 1 + 1e-9)).not.toBeCloseToTensor(x);
    expect(mul(x, 1 + 1e-9)).toBeCloseToTensor(x, { relative: 1e-8 });
    expect(tensor([Number.NaN, Infinity])).toBeCloseToTensor(tensor([Number.NaN, Infinity]));
    expect(tensor([Infinity, 2])).not.toBeCloseToTensor(tensor([Infinity, 3]));
    expect(tensor([Number.NaN])).not.toBeCloseToTensor(tensor([1]));
    expect(tensor([1])).not.toBeCloseToTensor(tensor([Infinity]), { absolute: Infinity });
    expect(() => expect(add(x, tensor([0, 0.5]))).toBeCloseToTensor(x)).toThrow(
      "expected tensors to agree to 1e-10 relative: entry [0, 1] is 2.5, expected 2 (differs by 5.0e-1, allowed 8.0e-10)",
    );
    expect(() => expect(x).toBeCloseToTensor(tensor([1]))).toThrow("expected float64[1], got float64[3,2]");
    expect(() => expect([1]).toBeCloseToTensor(tensor([1]))).toThrow("expected a tensor");
    expect(() => expect(x).not.toBeCloseToTensor(x)).toThrow("not to agree to 1e-10 relative: all entries");
  });

  test("counts ulps in the dtype", () => {
    const ulp = Number.EPSILON;
    expect(tensor([1 + ulp, 4 + 4 * ulp])).toBeCloseToTensor(tensor([1, 4]), { ulps: 1 });
    expect(tensor([1 + 2 * ulp])).not.toBeCloseToTensor(tensor([1]), { ulps: 1 });
    expect(tensor([5e-324])).toBeCloseToTensor(tensor([0]), { ulps: 1 });
    expect(tensor([1e-323])).not.toBeCloseToTensor(tensor([0]), { ulps: 1 });
    expect(tensor([Number.MAX_VALUE])).toBeCloseToTensor(tensor([Number.MAX_VALUE - 2 ** 971]), { ulps: 1 });
    expect(tensor([Number.MAX_VALUE - 2 ** 972])).not.toBeCloseToTensor(tensor([Number.MAX_VALUE]), {
      ulps: 1,
    });
    const single = { dtype: "float32" } as const;
    expect(tensor([1 + 2 ** -23], single)).toBeCloseToTensor(tensor([1], single), { ulps: 1 });
    expect(tensor([1 + 2 ** -22], single)).not.toBeCloseToTensor(tensor([1], single), { ulps: 1 });
    expect(() => expect(tensor([1 + 2 * ulp])).toBeCloseToTensor(tensor([1]), { ulps: 1 })).toThrow(
      "to agree to 1 ulps: entry [0] is 1.0000000000000004, expected 1 (differs by 4.4e-16, allowed 2.2e-16)",
    );
  });

  test("takes the widest of the bounds given", () => {
    const near = tensor([1 + 1e-3, 1e-6]);
    expect(near).toBeCloseToTensor(tensor([1, 0]), { absolute: 1.1e-3 });
    expect(near).not.toBeCloseToTensor(tensor([1, 0]), { absolute: 1e-6 });
    expect(near).toBeCloseToTensor(tensor([1, 0]), { absolute: 1e-6, relative: 1.1e-3, ulps: 2 });
    expect(near).not.toBeCloseToTensor(tensor([1, 0]), { ulps: 0 });
    expect(() => expect(near).toBeCloseToTensor(tensor([1, 0]), { absolute: 0, ulps: 3 })).toThrow(
      "to agree to 3 ulps or 0 absolute: entry [1] is 0.000001, expected 0",
    );
  });
});

describe("toKillAllMutants", { timeout: 300_000 }, () => {
  const params = { axes: [0], eps: 1e-5 };
  const inputs = [named(x, "x"), named(tensor([2, -1]), "gamma"), named(tensor([0.5, 3]), "beta")] as const;
  const options = { params, inputs };
  type Op = typeof FusedBatchNorm;

  /** All three gradients of a loss, fused against composed, entry by entry. */
  const comparing =
    (loss: (y: Tensor) => Tensor, tolerance: number, t: typeof inputs = inputs) =>
    (op: Op): void => {
      const bars = (f: (...t: typeof inputs) => Tensor): readonly Tensor[] =>
        grad((a: Tensor, b: Tensor, c: Tensor) => loss(f(a, b, c)))(...t);
      const composed = bars((...a) => op.reference(a, params));
      bars((...a) => bind(op, a, params)).forEach((bar, k) => {
        expect(bar).toBeCloseToTensor(composed[k]!, { absolute: tolerance });
      });
    };
  const w = tensor([
    [1, -2],
    [0.5, 1.5],
    [-1, 3],
  ]);
  const strict = comparing((y) => sum(mul(w, y)), 1e-10);

  test("passes a test that notices everything, of its own or by certify", async () => {
    await expect(FusedBatchNorm).toKillAllMutants(strict, options);
    await expect(FusedBatchNorm).toKillAllMutants((op) => certifyWith({ params }, op, ...inputs), options);
  });

  test("lists what a weak test lets pass, and what would notice it", async () => {
    const loose = expect(FusedBatchNorm).toKillAllMutants(comparing(sum, 1e-3), options);
    const message = await loose.then(String, (error: Error) => error.message);
    const lines = message.split("\n");
    expect(lines[0]).toMatch(
      /^expected the test to kill all mutants of fusedBatchNorm: \d+ of \d+ are killed \(4 more change nothing that can be tested\)$/,
    );
    const under = (remedy: string): string[] => {
      const from = lines.indexOf(`To notice these, ${remedy}:`) + 1;
      expect(from, remedy).toBeGreaterThan(0);
      const to = lines.findIndex((line, i) => i >= from && !line.startsWith("  "));
      return lines.slice(from, to < 0 ? undefined : to);
    };
    const loss = "for a loss sum(mul(w, y)) with random w of both signs, entry by entry";
    expect(under(`compare the gradient of x ${loss}`)).toEqual(
      expect.arrayContaining([
        "  the backward drops the divisor 3 of sum(yBar * (… / …)) / 3",
        "  the backward leaves the last element of the gradient of x at 0",
        "  the backward gives 0 for the gradient of x",
      ]),
    );
    expect(under(`compare the gradient of x ${loss} to 1e-10 of the largest`)).toContain(
      "  the backward forgets eps under the root of mean(square(x - …)) + 1e-5",
    );
  });

  test("says where the test's own inputs hide an error, and where a second derivative is needed", async () => {
    const start = [inputs[0], named(tensor([1, 1]), "gamma"), inputs[2]] as const;
    const atStart = comparing((y) => sum(mul(w, y)), 1e-10, start);
    await expect(expect(FusedBatchNorm).toKillAllMutants(atStart, { params, inputs: start })).rejects.toThrow(
      /compare the gradient of x at other inputs \(at these it comes out right\) .*:\n {2}the backward drops the factor gamma of/,
    );
    const naive = BATCH_NORM_PLANTS.find(({ what }) => what.endsWith("nothing is wrong"))!.op as Op;
    await expect(expect(naive).toKillAllMutants(strict, options)).rejects.toThrow(
      /To notice these, differentiate the gradient once more, .*:\n(.*\n)* {2}the backward takes mean\(x\) for a constant/,
    );
  });

  test("negated, passes where something survives", async () => {
    await expect(FusedBatchNorm).not.toKillAllMutants(() => undefined, options);
    await expect(expect(FusedBatchNorm).not.toKillAllMutants(strict, options)).rejects.toThrow(
      /^expected the test not to kill all mutants of fusedBatchNorm: (\d+) of \1 are killed \(4 more .*\)$/,
    );
  });

  test("refuses what it cannot use, in its own name", async () => {
    const refused = async (made: Promise<unknown>, message: string): Promise<void> => {
      await expect(made).rejects.toThrow(ArgumentError);
      await expect(made).rejects.toThrow(`toKillAllMutants: ${message}`);
    };
    const any = expect as (value: unknown) => ReturnType<typeof expect<Op>>;
    await refused(
      any(Square).toKillAllMutants(() => true),
      "an op with a reference, got an object",
    );
    await refused(
      any(3).not.toKillAllMutants(() => true),
      "an op with a reference, got 3",
    );
    await refused(
      expect(FusedBatchNorm).toKillAllMutants(() => false, options),
      "a test that passes on fusedBatchNorm as it is, got false",
    );
    // @ts-expect-error: no function
    await refused(expect(FusedBatchNorm).toKillAllMutants("test"), "the test to be a function");
    await refused(
      // @ts-expect-error: misspelt
      expect(FusedBatchNorm).toKillAllMutants(() => true, { input: inputs }),
      "options { params, inputs, seed }",
    );
  });

  test("is typed: the test gets the op, and the result is to be awaited", () => {
    type Matcher = ReturnType<typeof expect<Op>>["toKillAllMutants"];
    expectTypeOf<Parameters<Parameters<Matcher>[0]>[0]>().toEqualTypeOf<Op>();
    expectTypeOf<ReturnType<Matcher>>().toEqualTypeOf<Promise<void>>();
    expectTypeOf<NonNullable<Parameters<Matcher>[1]>["params"]>().toEqualTypeOf<NormParams | undefined>();
  });
});

test("the matchers are an object that any expect can be extended with", () => {
  expect(Object.keys(matchers)).toEqual([
    "toAgreeWith",
    "toBeCloseToTensor",
    "toHaveCorrectGradients",
    "toKillAllMutants",
  ]);
  const outcome = matchers.toBeCloseToTensor.call({}, tensor([2]), tensor([1]));
  expect(outcome.pass).toBe(false);
  expect(outcome.message()).toContain("entry [0] is 2, expected 1");
  expect(matchers.toAgreeWith.call({}, cut, square, x).pass).toBe(false);
});
