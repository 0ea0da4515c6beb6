import { expect, test } from "vitest";
import "../src/vitest/index.ts";
import { batchNorm, fusedBatchNorm, mul, stopGradient, type Tensor, tensor } from "../src/index.ts";

const x = tensor([
  [1, 2],
  [3, 5],
  [8, 4],
]);

test("toHaveCorrectGradients passes a right layer and reports on a wrong one", () => {
  expect(batchNorm).toHaveCorrectGradients(x, 1, 0);
  expect(fusedBatchNorm).toHaveCorrectGradients(x, 1, 0);
  const cut = (t: Tensor): Tensor => mul(t, stopGradient(t));
  expect(cut).not.toHaveCorrectGradients(x);
  expect(() => expect(cut).toHaveCorrectGradients(x)).toThrow(/to be correct[\s\S]*disagrees[\s\S]*input 0/);
});

test("toBeCloseToTensor compares shape, dtype and entries, and names the worst", () => {
  expect(mul(x, 1)).toBeCloseToTensor(x);
  expect(mul(x, 1 + 1e-9)).not.toBeCloseToTensor(x);
  expect(mul(x, 1 + 1e-9)).toBeCloseToTensor(x, { relative: 1e-8 });
  expect(tensor([Number.NaN, Infinity])).toBeCloseToTensor(tensor([Number.NaN, Infinity]));
  expect(tensor([Number.NaN])).not.toBeCloseToTensor(tensor([1]));
  expect(() => expect(tensor([1, 2.5])).toBeCloseToTensor(tensor([1, 2]))).toThrow(
    "entry 1 is 2.5, expected 2",
  );
  expect(() => expect(x).toBeCloseToTensor(tensor([1]))).toThrow("expected float64[1], got float64[3,2]");
  expect(() => expect([1]).toBeCloseToTensor(tensor([1]))).toThrow("expected a tensor");
});
