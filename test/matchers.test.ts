import { describe, expect, test } from "vitest";
import {
  add,
  batchNorm,
  cast,
  equal,
  fusedBatchNorm,
  layerNorm,
  mul,
  Square,
  square,
  stopGradient,
  sum,
  type Tensor,
  tensor,
} from "../src/index.ts";
import { matchers } from "../src/vitest/index.ts";

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
  expect(() => expect(cut).toHaveCorrectGradients(x)).toThrow(/to be correct[\s\S]*disagrees[\s\S]*input 0/);
  expect(() => expect(square).not.toHaveCorrectGradients(x)).toThrow(/not to be correct[\s\S]*agrees/);
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

test("the matchers are an object that any expect can be extended with", () => {
  expect(Object.keys(matchers)).toEqual(["toAgreeWith", "toBeCloseToTensor", "toHaveCorrectGradients"]);
  const outcome = matchers.toBeCloseToTensor.call({}, tensor([2]), tensor([1]));
  expect(outcome.pass).toBe(false);
  expect(outcome.message()).toContain("entry [0] is 2, expected 1");
  expect(matchers.toAgreeWith.call({}, cut, square, x).pass).toBe(false);
});
