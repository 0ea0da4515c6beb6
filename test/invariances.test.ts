/** Invariances of layers: what they imply is true of right gradients, and of hardly any wrong one. */
import { describe, expect, test } from "vitest";
import {
  homogeneous,
  type Invariance,
  invariances,
  invariancesWith,
  linearIn,
  permutationEquivariant,
  scaleInvariant,
  shiftInvariant,
  translationOf,
} from "../src/certify/invariances/index.ts";
import {
  ArgumentError,
  AxisError,
  add,
  batchNorm,
  cast,
  cumsum,
  div,
  exp,
  fusedBatchNorm,
  layerNorm,
  matmul,
  mul,
  named,
  norm,
  numpyRandom,
  softmax,
  square,
  sum,
  type Tensor,
  tensor,
} from "../src/index.ts";
import { BATCH_NORM_PLANTS } from "./planted/batchNorm.ts";

const SHAPES = [
  { shape: [6, 3], axes: [0] },
  { shape: [8, 4, 6, 6], axes: [0, 2, 3] },
] as const;

const SEEDS = [1, 2, 3, 4, 5];

function declaredOf(axes: readonly number[]): Invariance[] {
  return [
    shiftInvariant(axes),
    scaleInvariant(axes),
    permutationEquivariant(0),
    linearIn("gamma", "beta"),
    translationOf("beta", axes),
  ];
}

/** For ops of which nothing is known but that they are ops. */
function anyInputs(shape: readonly number[], seed: number): readonly Tensor[] {
  return inputs(shape, seed);
}

function inputs(shape: readonly number[], seed: number): [x: Tensor, gamma: Tensor, beta: Tensor] {
  const random = numpyRandom(seed);
  const [x, gamma, beta] = [random.randn(...shape), random.randn(shape[1]!), random.randn(shape[1]!)];
  return [x, named(gamma, "gamma"), named(beta, "beta")];
}

describe("planted errors in batch norm's gradient", () => {
  for (const { shape, axes } of SHAPES) {
    for (const { what, op, objecting } of BATCH_NORM_PLANTS) {
      // Those of second order have the right gradient.
      const isWrong = objecting.some((law) => law === "vjp");
      test(`${what} at [${shape}]: ${isWrong ? "caught" : "passed"} for every seed`, () => {
        for (const seed of SEEDS) {
          const given = { seed, params: { axes, eps: 1e-5 } };
          const report = invariancesWith(given, op, declaredOf(axes), ...anyInputs(shape, seed));
          const values = report.findings.filter(({ of }) => of === "value");
          expect(
            values.every(({ verdict }) => verdict === "agrees"),
            `${report}`,
          ).toBe(true);
          expect(report.verdict, `${report}`).toBe(isWrong ? "disagrees" : "agrees");
        }
      });
    }
  }

  /**
   * If every identity had x̄ in each of its terms, or 0 on one side, it would be as true of 2 x̄ as of x̄. Without eps, batch
   * norm has no others; with it, values say how large x̄ is.
   */
  test("a factor on the whole gradient is told by eps, and by nothing where there is none", () => {
    const { op } = BATCH_NORM_PLANTS.find(({ what }) => /1 \+ 1e-4 too large/.test(what))!;
    for (const { shape, axes } of SHAPES) {
      for (const seed of SEEDS) {
        const given = { seed, params: { axes, eps: 1e-5 } };
        const report = invariancesWith(given, op, declaredOf(axes), ...anyInputs(shape, seed));
        const said = report.findings.filter(({ verdict }) => verdict === "disagrees");
        expect(said.map(({ identity }) => identity)).toContain(
          "where x has variance eps, <x̄, w (x - m)> is the change of <ȳ, f>",
        );
        // And nowhere else, but now and then where the same is seen at x itself, 1e-5 of the size.
        expect(said.every(({ identity }) => identity.endsWith("the change of <ȳ, f>"))).toBe(true);
        const exact = declaredOf(axes).with(1, scaleInvariant(axes, { eps: 0 }));
        const without = { seed, params: { axes, eps: 0 } };
        expect(invariancesWith(without, op, exact, ...anyInputs(shape, seed)).verdict).toBe("agrees");
      }
    }
  });
});

test("no false alarm on data far from zero, narrow, of unlike columns, or constant in a column", () => {
  for (const [width, centre] of [
    [1, 1e3],
    [1, 1e6],
    [1e-4, 0],
    [1e-4, 1],
  ] as const) {
    for (const seed of SEEDS) {
      const [x, gamma, beta] = inputs([6, 3], seed);
      const moved = add(mul(x, width), centre);
      for (const layer of [batchNorm, fusedBatchNorm]) {
        const report = invariances(layer, declaredOf([0]), moved, gamma, beta);
        expect(report.verdict, `${report}`).toBe("agrees");
      }
    }
  }
  for (const means of [
    [1e3, 0, 0],
    [0, 1e6, -5],
  ]) {
    for (const seed of SEEDS) {
      const [x, gamma, beta] = inputs([6, 3], seed);
      const report = invariances(fusedBatchNorm, declaredOf([0]), add(x, tensor(means)), gamma, beta);
      expect(report.verdict, `${report}`).toBe("agrees");
    }
  }
  const [x, gamma, beta] = inputs([6, 3], 1);
  const report = invariances(fusedBatchNorm, declaredOf([0]), mul(x, tensor([1, 0, 1])), gamma, beta);
  expect(report.verdict, `${report}`).toBe("agrees");
});

test("no false alarm on a batch of two, of which columns nearly agree, nor where gamma is zero", () => {
  for (let seed = 0; seed < 40; seed++) {
    const [x, gamma, beta] = inputs([2, 3], seed);
    const scaled = seed % 10 === 0 ? mul(gamma, 0) : gamma;
    const report = invariances(fusedBatchNorm, declaredOf([0]), x, named(scaled, "gamma"), beta);
    expect(report.verdict, `${report}`).toBe("agrees");
  }
});

test("other layers have their own", () => {
  const [x, gamma, beta] = inputs([6, 3], 3);
  const agrees = (report: { readonly verdict: string }): void => {
    expect(report.verdict, `${report}`).toBe("agrees");
  };
  agrees(invariances(softmax, [shiftInvariant(-1)], x));
  agrees(
    invariances(
      layerNorm,
      [shiftInvariant(1), scaleInvariant(-1), permutationEquivariant(0), linearIn(1, 2)],
      x,
      gamma,
      beta,
    ),
  );
  const unit = (t: Tensor): Tensor => div(t, norm(t, 1, { keepDims: true }));
  agrees(invariances(unit, [scaleInvariant(1, { eps: 0, about: "origin" }), homogeneous(0, 0)], x));
  const quadratic = (t: Tensor, a: Tensor): Tensor => matmul(square(t), a);
  agrees(invariances(quadratic, [homogeneous(0, 2), linearIn(1), permutationEquivariant(0)], x, gamma));
  const shifted = (t: Tensor, labels: Tensor): Tensor => add(t, cast(labels, "float64"));
  const labels = tensor([[0], [1], [2], [3], [4], [5]], { dtype: "int32" });
  agrees(invariances(shifted, [permutationEquivariant(0, [0, 1]), translationOf(0, [])], x, labels));
});

test("a layer that has not the property is told by its values", () => {
  const [x] = inputs([6, 3], 1);
  const kinds: readonly Invariance[] = [
    shiftInvariant(0),
    scaleInvariant(0),
    linearIn(0),
    homogeneous(0, 1),
    translationOf(0, []),
    permutationEquivariant(0),
  ];
  const cumulative = (t: Tensor): Tensor => cumsum(exp(t), 0);
  for (const declared of kinds) {
    const { findings } = invariances(cumulative, [declared], x);
    expect(
      findings.find(({ of, invariance }) => of === "value" && invariance === declared.name)?.verdict,
    ).toBe("disagrees");
  }
});

test("the report is a table that names the entry", () => {
  const { op } = BATCH_NORM_PLANTS.find(({ what }) => /mean of the cotangent dropped/.test(what))!;
  const options = { seed: 7, params: { axes: [0], eps: 1e-5 } };
  const given = anyInputs([6, 3], 7);
  const report = invariancesWith(options, op, [shiftInvariant(0)], ...given);
  expect(`${report}`).toMatch(/^fusedBatchNorm: disagrees \(seed 7\)\n/);
  expect(`${report}`).toMatch(/shiftInvariant\(0\) +input 0 +x̄ adds to 0 over \[0\]/);
  expect(`${report}`).toMatch(/worst at \[0, \d\]: \S+ where 0 was expected/);
  expect(JSON.parse(JSON.stringify(report)).findings).toHaveLength(report.findings.length);
  expect(`${invariancesWith(options, op, [shiftInvariant(0)], ...given)}`).toBe(`${report}`);
});

test("what does not fit is refused", () => {
  const [x, gamma, beta] = inputs([6, 3], 1);
  const check = (declared: Invariance) => () => invariances(batchNorm, [declared], x, gamma, beta);
  expect(check(linearIn("alpha"))).toThrow(/input 0, gamma, beta.*"alpha"/s);
  expect(check(linearIn(3))).toThrow(ArgumentError);
  expect(check(shiftInvariant(2))).toThrow(AxisError);
  expect(check(translationOf("beta", 1))).toThrow("[6,3] summed to [6,1]");
  expect(() => permutationCheck(x)).toThrow("lengths 6, 1");
  expect(() => homogeneous(0, Number.NaN)).toThrow(ArgumentError);
});

function permutationCheck(x: Tensor): void {
  invariances((t: Tensor) => sum(t, 0, { keepDims: true }), [permutationEquivariant(0)], x);
}
