/** Data on which a checker of gradients cries wolf: normalisations at it are right, and have to be found right. */
import { describe, expect, test } from "vitest";
import {
  add,
  batchNorm,
  cast,
  certify,
  certifyWith,
  fromData,
  fusedBatchNorm,
  fusedLayerNorm,
  groupNorm,
  layerNorm,
  mul,
  type Report,
  random,
  ShapeError,
  type Tensor,
  zeros,
} from "../src/index.ts";

type Norm = (x: Tensor, gamma: Tensor, beta: Tensor) => Tensor;
type Change = (t: Tensor) => Tensor;
type Layer = readonly [shape: readonly number[], channels: number, norm: Norm];

const over =
  (norm: typeof batchNorm, axes: readonly number[]): Norm =>
  (x, gamma, beta) =>
    norm(x, gamma, beta, { axes });

const ROWS: Layer = [[6, 3], 3, over(fusedBatchNorm, [0])];
const ONE_FEATURE: Layer = [[8, 1], 1, over(fusedBatchNorm, [0])];
const ONE_ROW: Layer = [[1, 5], 5, layerNorm];

/** A batch of one, and a single feature, where the layer allows it. */
const LAYERS: Readonly<Record<string, Layer>> = {
  "fused batch norm of [6,3]": ROWS,
  "batch norm of [6,3]": [[6, 3], 3, over(batchNorm, [0])],
  "fused batch norm of one feature, [8,1]": ONE_FEATURE,
  "fused batch norm, NCHW": [[3, 2, 2, 2], 2, over(fusedBatchNorm, [0, 2, 3])],
  "fused batch norm, NHWC": [[2, 3, 2, 4], 4, over(fusedBatchNorm, [0, 1, 2])],
  "fused batch norm of one image": [[1, 2, 3, 3], 2, over(fusedBatchNorm, [0, 2, 3])],
  "batch norm of one image": [[1, 2, 3, 3], 2, over(batchNorm, [0, 2, 3])],
  "fused layer norm of [4,5]": [[4, 5], 5, fusedLayerNorm],
  "layer norm of one row": ONE_ROW,
  "fused layer norm of one row": [[1, 5], 5, fusedLayerNorm],
  "fused layer norm of single numbers": [[3, 1], 1, fusedLayerNorm],
  "group norm of one example": [[1, 4, 3], 4, (x, gamma, beta) => groupNorm(x, 2, gamma, beta)],
};

const same: Change = (t) => t;
const to =
  (mean: number, spread: number): Change =>
  (t) =>
    add(mul(t, spread), mean);

/** The last axis' first column. */
const constantColumn: Change = ({ shape, data }) => {
  const columns = shape.at(-1)!;
  return fromData(
    shape,
    "float64",
    Float64Array.from(data, (v, i) => (i % columns === 0 ? 0.37 : v)),
  );
};

const DATA: Readonly<Record<string, readonly [x: Change, gamma: Change]>> = {
  "mean 1e6": [to(1e6, 1), same],
  "mean 1e6, gamma zero": [to(1e6, 1), to(0, 0)],
  // The value itself has no more than ten digits.
  "mean 1e6, gamma 1e6": [to(1e6, 1), to(0, 1e6)],
  "spread 1e-4": [to(0, 1e-4), same],
  "spread 1e-4 about 1": [to(1, 1e-4), same],
  "spread 1e-2 about 1e3": [to(1e3, 1e-2), same],
  "spread 1e-4, gamma zero": [to(0, 1e-4), to(0, 0)],
  "spread 1e6": [to(0, 1e6), same],
  "a constant column": [constantColumn, same],
  "constant throughout": [to(0.37, 0), same],
  "zero throughout": [to(0, 0), same],
  "gamma zero": [same, to(0, 0)],
  "gamma 1e6": [same, to(0, 1e6)],
  "gamma 1e-4": [same, to(0, 1e-4)],
};

function certified([shape, channels, norm]: Layer, seed: number, x: Change, gamma: Change): Report {
  const from = random(seed, "hard");
  const drawn = x(from.normal(shape));
  return certifyWith({ seed }, norm, drawn, gamma(from.normal([channels])), from.normal([channels]));
}

describe.each(Object.entries(DATA))("no false alarm: %s", (_, [x, gamma]) => {
  test.each(Object.entries(LAYERS))("%s", { timeout: 300_000 }, (_name, layer) => {
    for (let seed = 1; seed <= 3; seed++) {
      const report = certified(layer, seed, x, gamma);
      expect(report.verdict, `${report}`).toBe("agrees");
    }
  });
});

describe("a pair, whose gradient is nothing but what eps leaves of it", () => {
  test.each<[string, Layer]>([
    ["batch norm", [[2, 5], 5, over(batchNorm, [0])]],
    ["fused batch norm", [[2, 5], 5, over(fusedBatchNorm, [0])]],
    ["fused layer norm", [[4, 2], 2, fusedLayerNorm]],
  ])("%s", { timeout: 300_000 }, (_, layer) => {
    for (let seed = 1; seed <= 15; seed++) {
      for (const change of [to(0, 1), to(100, 1), to(1e3, 1), to(0, 10), to(0, 1e-4)]) {
        const report = certified(layer, seed, change, same);
        expect(report.verdict, `${report}`).toBe("agrees");
      }
      // Of the five digits that are left here, differences do not always see enough to say anything.
      const report = certified(layer, seed, to(1e6, 1), same);
      expect(["agrees", "not differentiable here"], `${report}`).toContain(report.verdict);
    }
  });
});

/** Where the last bits of the values, or a scale that the inputs do not show, leave differences little to say. */
describe("what rounding hides from differences is not called wrong", () => {
  test.each<[string, Layer, Change, Change]>([
    // beta's last bits hide gamma xHat from differences.
    ["gamma 1e-8 at a spread of 1e-4", ROWS, to(0, 1e-4), to(0, 1e-8)],
    ["a row with a spread of 1e-10", ONE_ROW, to(0, 1e-10), same],
    ["a spread of 1e-4 about 1e6", ROWS, to(1e6, 1e-4), same],
    // The first step is a fifth of 1e6, and the nearest still a hundred times what eps makes of it.
    ["constant at 1e6", ROWS, to(1e6, 0), same],
  ])("%s", (_, layer, x, gamma) => {
    for (let seed = 1; seed <= 40; seed++) {
      const report = certified(layer, seed, x, gamma);
      expect(report.verdict, `${report}`).not.toBe("disagrees");
    }
  });
});

test("float32, far from zero", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const from = random(seed, "hard");
    const [x, gamma, beta] = [to(1e3, 1)(from.normal([6, 3])), from.normal([3]), from.normal([3])];
    for (const norm of [fusedBatchNorm, batchNorm, fusedLayerNorm]) {
      const report = certifyWith(
        { seed },
        norm,
        ...([x, gamma, beta].map(single) as [Tensor, Tensor, Tensor]),
      );
      expect(report.verdict, `${report}`).toBe("agrees");
    }
  }
});

test("a batch of one is refused where there is nothing to average, and an empty one has nothing wrong with it", () => {
  const [row, gamma, beta] = [random(1).normal([1, 5]), random(2).normal([5]), random(3).normal([5])];
  expect(() => certify(fusedBatchNorm, row, gamma, beta)).toThrow(ShapeError);
  expect(() => certify(batchNorm, row, gamma, beta)).toThrow(ShapeError);
  for (const norm of [layerNorm, fusedLayerNorm]) {
    expect(certify(norm, zeros([0, 5]), gamma, beta).verdict).toBe("agrees");
  }
});

function single(t: Tensor): Tensor {
  return cast(t, "float32");
}
