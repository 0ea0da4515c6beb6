/**
 * NumPy's arithmetic, in which the course's notebooks print: inputs to the last bit, and the figures that the library
 * gives to fewer digits, because it rounds in other places, to all of them.
 */
import { describe, expect, test } from "vitest";
import { fromData, scalar, type Tensor } from "../../graph/index.ts";
import { add, batchNorm, layerNorm, mul, reshape } from "../../ops/index.ts";
import { AFFINE_BACKWARD, AFFINE_FORWARD, AFFINE_RELU } from "../../src/cs231n/checks/affine.ts";
import { BATCH_NORM_BACKWARD } from "../../src/cs231n/checks/batchNormBackward.ts";
import { centralDifferences, relError } from "../../src/cs231n/checks/differences.ts";
import { LAYER_NORM_BACKWARD } from "../../src/cs231n/checks/layerNorm.ts";
import { LOSSES } from "../../src/cs231n/checks/losses.ts";
import { drawnExamples, drawnParams } from "../../src/cs231n/checks/networkRows.ts";
import { normInputs } from "../../src/cs231n/checks/normInputs.ts";
import { fusedMultiplyAdd } from "../../src/cs231n/checks/numpy/fusedMultiplyAdd.ts";
import * as course from "../../src/cs231n/checks/numpy/layers.ts";
import { log } from "../../src/cs231n/checks/numpy/log.ts";
import { type Matrix, matrixOf } from "../../src/cs231n/checks/numpy/matrix.ts";
import { lossAlong } from "../../src/cs231n/checks/numpy/network.ts";
import { CourseRandom } from "../../src/cs231n/checks/numpy/random.ts";
import { sum } from "../../src/cs231n/checks/numpy/sum.ts";
import { asIs } from "../../src/cs231n/checks/printed.ts";
import { linspace, numpyRandom, tensor } from "../../src/index.ts";
import { softmaxLoss } from "../../src/nn/index.ts";
import { expectClose } from "../support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "../support/fixtures.ts";

type Arrays = Readonly<Record<string, StoredArray>>;

interface Fixture {
  readonly recipe: {
    readonly seed: number;
    readonly calls: readonly {
      readonly name: string;
      readonly dist: string;
      readonly shape: readonly number[];
      readonly scale?: number;
      readonly shift?: number;
    }[];
  };
  readonly inputs: Arrays;
  readonly expected: Arrays;
}

interface Run {
  readonly reg: number;
  readonly loss: number;
  readonly params: Arrays;
  readonly grads: Arrays;
  readonly masks?: readonly StoredArray[];
  readonly "fd_rel_errors_h1e-5": Readonly<Record<string, number>>;
}

function inputsOf(name: string, ...names: readonly string[]): Tensor[] {
  const { inputs } = courseFixture<Fixture>(name);
  return names.map((key) => stored(inputs[key]));
}

function expectBits(actual: Tensor | Matrix, expected: StoredArray | Tensor): void {
  expect([...actual.data]).toEqual([...expected.data]);
}

describe("random numbers", () => {
  test.each([
    "03_bn_backward",
    "07_ln_backward",
    "16_dropout_backward",
    "18_losses",
    "20_affine_backward",
    "22_relu_backward",
    "23_affine_relu",
    "25_affine_bn_relu_own",
  ])("%s: the inputs, bit for bit", (name) => {
    const { recipe, inputs } = courseFixture<Fixture>(name);
    const random = new CourseRandom(recipe.seed);
    for (const { name: key, dist, shape, scale = 1, shift = 0 } of recipe.calls) {
      const drawn =
        dist === "randn" ? add(mul(scale, random.randn(...shape)), shift) : random.randint(10, shape);
      expectBits(drawn, inputs[key]!);
    }
  });

  test.each(["05_bn_network_check", "11_fc_network_check", "17_dropout_network_check"])(
    "%s: examples, labels and weights, bit for bit",
    (name) => {
      const { inputs, runs } = courseFixture<Fixture & { readonly runs: readonly Run[] }>(name);
      let random = new CourseRandom(231);
      const { x, labels } = drawnExamples(random);
      expectBits(x, inputs["X"]!);
      expectBits(labels, inputs["y"]!);
      for (const { params, masks } of runs) {
        const shaped = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, stored(value)]));
        const drawn = drawnParams(random, shaped);
        for (const [key, value] of Object.entries(params)) expectBits(drawn[key]!, value);
        if (masks === undefined) continue;
        random = new CourseRandom(123);
        random.rand(2, 30);
      }
    },
  );

  test("the library's source goes on where the course's stands, and is near it elsewhere", () => {
    const random = new CourseRandom(7);
    const numpy = numpyRandom(7);
    expectClose(random.randn(4, 25), numpy.randn(4, 25), 1e-14);
    expectBits(random.source().rand(5), numpy.rand(5));
  });
});

describe("arithmetic", () => {
  test("a fused multiply-add is rounded once: against exact fractions", () => {
    const numbers = numpyRandom(3).randn(3000).data;
    for (let i = 0; i < 3000; i += 3) {
      const [a, b] = [numbers[i]!, numbers[i + 1]!];
      // Also where the product all but cancels, and where it is a rounding error of the sum.
      for (const c of [numbers[i + 2]!, -a * b, 1e17 * numbers[i + 2]!, -a * b * (1 + 2 ** -50)]) {
        const exact = fractionOf(a, b) + fractionOf(c, 1);
        expect(nearest(fusedMultiplyAdd(a, b, c), exact), `${a} ${b} ${c}`).toBe(true);
      }
    }
    // Halfway between two numbers, but for a little: 2^-53 (1 + 2^-78) and 2^-53 (1 - 2^-60) of a unit of 2^-52.
    const above = [1 + 2 ** -26, 2 ** -53 * (1 - 2 ** -26 + 2 ** -52)] as const;
    expect(fusedMultiplyAdd(...above, 1)).toBe(1 + 2 ** -52);
    expect(fusedMultiplyAdd(-above[0], above[1], -1)).toBe(-1 - 2 ** -52);
    const below = [1 + 2 ** -30, 2 ** -53 * (1 - 2 ** -30)] as const;
    expect(fusedMultiplyAdd(...below, 1 + 2 ** -52)).toBe(1 + 2 ** -52);
    expect(fusedMultiplyAdd(...below, 1)).toBe(1);
    expect(fusedMultiplyAdd(...above, 1 + 2 ** -52)).toBe(1 + 2 ** -51);
    expect(fusedMultiplyAdd(2 ** -53, 1, 1)).toBe(1);
  });

  /** a b in units of 2^-600. */
  function fractionOf(a: number, b: number): bigint {
    return integerOf(a) * integerOf(b);
  }
  /** In units of 2^-300: exact for all that is not tiny. */
  function integerOf(a: number): bigint {
    return BigInt(a * 2 ** 300);
  }
  /** Whether no neighbour of the number is nearer to the fraction. */
  function nearest(value: number, exact: bigint): boolean {
    const off = (v: number): bigint => {
      const d = fractionOf(v, 1) - exact;
      return d < 0n ? -d : d;
    };
    const unit = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 52);
    return off(value) <= off(value + unit) && off(value) <= off(value - unit);
  }

  // mpmath, 300 bits.
  test.each([
    [0.5, -Math.LN2],
    [2, Math.LN2],
    [1, 0],
    [0.9999999999999999, -1.1102230246251565e-16],
    [1.0000000000000002, 2.2204460492503128e-16],
    [1e-300, -690.7755278982137],
    [1e300, 690.7755278982137],
    [3, 1.0986122886681098],
    [0.01, -4.605170185988091],
    [0.7071067811865475, -0.34657359027997275],
    [Math.SQRT1_2, -0.3465735902799726],
    [Math.SQRT2, 0.3465735902799727],
    [0.6229016948897019, -0.47336656575977026],
    [0.7417869892607294, -0.2986931534971135],
    [0.7951935655656966, -0.22916971526494367],
    [0.9424502837770503, -0.05927211035943434],
    [0.7398985747399307, -0.3012421633399169],
    [0.922324996665417, -0.08085762657556451],
    [0.029005228283614737, -3.540279179603279],
    [0.46562265437810535, -0.7643797274382251],
    [0.9433567169983137, -0.058310788982754186],
    [0.6489745531369242, -0.4323617723889349],
    [0.9009004917506227, -0.1043604694811547],
    [0.11320596465314436, -2.1785464233189975],
  ])("log %s", (x, expected) => {
    expect(log(x)).toBe(expected);
  });

  // NumPy 2.4: (1 / np.sqrt(np.arange(n) + 1.0)).sum()
  test.each([
    [0, 0],
    [1, 1],
    [7, 4.0178834093492215],
    [8, 4.3714367999424955],
    [15, 6.413994608237443],
    [100, 18.589603824784156],
    [129, 21.299272981477827],
    [1000, 61.80100876524323],
    [8192, 179.5645056904788],
  ])("a sum of %i numbers", (n, expected) => {
    expect(sum(Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(i + 1)))).toBe(expected);
  });
});

describe("forward passes, to the last bit", () => {
  test("normalizations, which the library's agree with", () => {
    const { x, gamma, beta } = normInputs(4, 5);
    const at = [matrixOf(x), matrixOf(gamma), matrixOf(beta)] as const;
    for (const [name, ofCourse, ours] of [
      ["03_bn_backward", course.batchNorm, batchNorm],
      ["07_ln_backward", course.layerNorm, layerNorm],
    ] as const) {
      const y = ofCourse(...at);
      expectBits(y, courseFixture<Fixture>(name).expected["out"]!);
      expectClose(ours(x, gamma, beta), fromData([4, 5], "float64", y.data), 1e-15);
    }
  });

  test("matrix products", () => {
    const { expected } = courseFixture<Fixture>("19_affine_forward");
    expectBits(affineForward(), expected["out"]!);
    for (const name of ["20_affine_backward", "23_affine_relu"]) {
      const [x, w, b] = inputsOf(name, "x", "w", "b").map(matrixOf);
      const layer = name.startsWith("20") ? course.affine : course.affineRelu;
      expectBits(layer(x!, w!, b!), courseFixture<Fixture>(name).expected["out"]!);
    }
    // An odd number of rows.
    const [X, W1, b1, W2, b2] = inputsOf("24_two_layer_net", "X", "W1", "b1", "W2", "b2").map(matrixOf);
    const scores = course.affine(course.affineRelu(X!, W1!, b1!), W2!, b2!);
    expectBits(scores, courseFixture<Fixture>("24_two_layer_net").expected["scores"]!);
  });
});

/** The check of `affine_forward`. */
function affineForward(): Matrix {
  const x = matrixOf(reshape(linspace(-0.1, 0.5, 240), [2, 120]));
  const W = matrixOf(reshape(linspace(-0.2, 0.3, 360), [120, 3]));
  return course.affine(x, W, matrixOf(linspace(-0.3, 0.1, 3)));
}

describe("printed errors to all digits, with NumPy's own gradients", () => {
  test("03 and 07: normalizations; their numeric gradients, bit for bit", () => {
    const { x, gamma, beta, yBar } = normInputs(4, 5);
    const at = [matrixOf(x), matrixOf(gamma), matrixOf(beta)] as const;
    const numeric = (layer: typeof course.batchNorm): Tensor[] =>
      [x, gamma, beta].map((t, k) =>
        centralDifferences(
          t,
          (data) => {
            const [a, g, b] = at.map((m, j) => (j === k ? { ...m, data } : m));
            return layer(a!, g!, b!).data;
          },
          yBar,
        ),
      );
    for (const [name, layer, published] of [
      ["03_bn_backward", course.batchNorm, BATCH_NORM_BACKWARD],
      ["07_ln_backward", course.layerNorm, LAYER_NORM_BACKWARD],
    ] as const) {
      const { expected } = courseFixture<Fixture>(name);
      const [dx, dgamma, dbeta] = numeric(layer);
      expectBits(dx!, expected["dx_numeric_h1e-5"]!);
      expectBits(dgamma!, expected["dgamma_numeric"]!);
      expectBits(dbeta!, expected["dbeta_numeric"]!);
      expect(asIs(relError(dgamma!, stored(expected["dgamma"])))).toBe(published.dgamma);
      expect(asIs(relError(dbeta!, stored(expected["dbeta"])))).toBe(published.dbeta);
      // Layer norm's dx was printed from a backward that walks the graph; the fixture's is a closed form.
      const bar = name.startsWith("03") ? stored(expected["dx"]) : rowSweep(x, gamma, yBar);
      expect(asIs(relError(dx!, bar))).toBe(published.dx);
    }
  });

  test("18: softmax", () => {
    const { inputs, expected } = courseFixture<Fixture>("18_losses");
    const [x, labels] = [stored(inputs["x"]), stored(inputs["y"], "int32")];
    const f = (moved: Float64Array): ArrayLike<number> =>
      softmaxLoss(fromData(x.shape, "float64", moved), labels).data;
    const error = relError(centralDifferences(x, f, scalar(1)), stored(expected["softmax_dx"]));
    expect(asIs(error)).toBe(LOSSES.softmax.error);
  });

  test("19: affine forward", () => {
    const { rows, columns, data } = affineForward();
    const error = relError(fromData([rows, columns], "float64", data), tensor(AFFINE_FORWARD.out));
    expect(asIs(error)).toBe(AFFINE_FORWARD.difference);
  });

  test.each([
    ["20_affine_backward", course.affine, AFFINE_BACKWARD],
    ["23_affine_relu", course.affineRelu, AFFINE_RELU],
  ] as const)("%s", (name, layer, published) => {
    const { expected } = courseFixture<Fixture>(name);
    const inputs = inputsOf(name, "x", "w", "b");
    const [yBar] = inputsOf(name, "dout");
    (["dx", "dw", "db"] as const).forEach((key, k) => {
      const numeric = centralDifferences(
        inputs[k]!,
        (data) => {
          const [x, w, b] = inputs.map((t, j) => (j === k ? { ...matrixOf(t), data } : matrixOf(t)));
          return layer(x!, w!, b!).data;
        },
        yBar!,
      );
      expect(asIs(relError(numeric, stored(expected[key])))).toBe(published[key]);
    });
  });

  test.each(["05_bn_network_check", "11_fc_network_check", "17_dropout_network_check"])(
    "%s: losses, and errors to sixteen digits where a parameter is small",
    (name) => {
      const { inputs, runs } = courseFixture<Fixture & { readonly runs: readonly Run[] }>(name);
      for (const { reg, loss, params, grads, masks = [], ...run } of runs) {
        const network = {
          x: stored(inputs["X"]),
          labels: stored(inputs["y"], "int32"),
          params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, stored(value)])),
          reg,
          masks: masks.map((mask) => stored(mask)),
        };
        for (const key of Object.keys(params).filter((other) => !other.startsWith("W"))) {
          const p = network.params[key]!;
          const along = lossAlong(network, key);
          expect(along(Float64Array.from(p.data))).toEqual([loss]);
          const error = relError(centralDifferences(p, along, scalar(1)), stored(grads[key]));
          expect(error, key).toBe(run["fd_rel_errors_h1e-5"][key]);
        }
      }
    },
  );
});

/**
 * Layer norm's dx, row by row as the course walks batch norm's graph back: with xmu = x - mu and sigma,
 * dxmu = dxHat / sigma + 2 xmu dvar / D, dx = dxmu - (sum of dxmu) / D.
 */
function rowSweep(x: Tensor, gamma: Tensor, yBar: Tensor): Tensor {
  const [n, d] = x.shape as readonly [number, number];
  const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const dx: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = Array.from(x.data.slice(i * d, (i + 1) * d));
    const mu = total(row) / d;
    const xmu = row.map((value) => value - mu);
    const sigma = Math.sqrt(total(xmu.map((value) => value * value)) / d + 1e-5);
    const dxHat = xmu.map((_, j) => yBar.data[i * d + j]! * gamma.data[j]!);
    const dsigma = (-1 / (sigma * sigma)) * total(dxHat.map((value, j) => value * xmu[j]!));
    const dvar = 0.5 * (1 / sigma) * dsigma;
    const dxmu = dxHat.map((value, j) => value / sigma + 2 * xmu[j]! * (dvar / d));
    const dmu = -total(dxmu);
    dx.push(...dxmu.map((value) => value + dmu / d));
  }
  return fromData(x.shape, "float64", Float64Array.from(dx));
}
