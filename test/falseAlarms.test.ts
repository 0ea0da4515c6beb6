/** A checker that cries wolf is switched off: right ops are never reported, on ordinary data or on hard data. */
import { describe, expect, test } from "vitest";
import {
  add,
  certifyWith,
  fusedBatchNorm,
  mul,
  random,
  type Tensor,
  tensor,
  type Verdict,
} from "../src/index.ts";

const SHAPES: readonly (readonly [shape: readonly number[], channels: number, axes: readonly number[]])[] = [
  [[6, 3], 3, [0]],
  [[2, 5], 5, [0]],
  [[8, 1], 1, [0]],
  [[3, 2, 2, 2], 2, [0, 2, 3]],
  [[2, 3, 2, 4], 4, [0, 1, 2]],
];

const SEEDS = 200;

/** Batch norm's verdict on data that `change` has been at. */
function verdict(
  seed: number,
  [shape, channels, axes]: (typeof SHAPES)[number],
  change: (x: Tensor) => Tensor = (x) => x,
  gamma: (g: Tensor) => Tensor = (g) => g,
): { readonly verdict: Verdict; readonly text: string } {
  const from = random(seed, "false alarms");
  const x = change(from.normal(shape));
  const f = (t: Tensor, g: Tensor, b: Tensor): Tensor => fusedBatchNorm(t, g, b, { axes });
  const report = certifyWith({ seed }, f, x, gamma(from.normal([channels])), from.normal([channels]));
  return { verdict: report.verdict, text: String(report) };
}

describe(`no false alarm in ${SEEDS} seeds`, () => {
  test.each(SHAPES)("batch norm at [%s]", { timeout: 300_000 }, (...layer) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { verdict: said, text } = verdict(seed, layer);
      expect(said, text).toBe("agrees");
    }
  });
});

describe("nor on hard data, at twenty seeds", () => {
  const LAYER = SHAPES[0]!;
  test.each<[string, (x: Tensor) => Tensor, (g: Tensor) => Tensor]>([
    ["mean 1e6", (x) => add(x, 1e6), (g) => g],
    ["spread 1e-4", (x) => mul(x, 1e-4), (g) => g],
    ["zero gamma", (x) => x, (g) => mul(g, 0)],
    // Only eps is left under the root: a steep but smooth function, whose value at this point is beta.
    ["a constant column", (x) => mul(x, tensor([1, 0, 1])), (g) => g],
  ])("%s", { timeout: 300_000 }, (_, change, gamma) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { verdict: said, text } = verdict(seed, LAYER, change, gamma);
      expect(said, text).toBe("agrees");
    }
  });
});
