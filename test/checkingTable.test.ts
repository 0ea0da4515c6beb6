/** Every planted mistake in batch norm's backward, at ten seeds: which of certify's witnesses object, and how often. */
import { describe, expect, test } from "vitest";
import { bind, certify, certifyWith, named, type Report, random, sum, type Tensor } from "../src/index.ts";
import { BATCH_NORM_MISTAKES, type Mistake } from "./planted/batchNorm.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

interface Layout {
  readonly shape: readonly number[];
  readonly channels: number;
  readonly axes: readonly number[];
  /**
   * Where there are many numbers, two inputs are held fixed if the third is wrong, and second order is looked at no
   * oftener than it has to be: the same verdicts in a quarter of the time.
   */
  readonly isLarge?: true;
}

const LAYOUTS: readonly Layout[] = [
  { shape: [8, 4, 6, 6], channels: 4, axes: [0, 2, 3] },
  { shape: [6, 3], channels: 3, axes: [0] },
  { shape: [32, 16, 8, 8], channels: 16, axes: [0, 2, 3], isLarge: true },
];

const NAMES = ["x", "gamma", "beta"] as const;
type Inputs = readonly [x: Tensor, gamma: Tensor, beta: Tensor];

function inputs({ shape, channels }: Layout, seed: number): Inputs {
  const from = random(seed, "table");
  return [
    named(from.normal(shape), "x"),
    named(from.normal([channels]), "gamma"),
    named(from.normal([channels]), "beta"),
  ];
}

function certified({ op, of: [first], order: wrongAt }: Mistake, layout: Layout, seed: number): Report {
  const params = { axes: layout.axes, eps: 1e-5 };
  const at = inputs(layout, seed);
  if (layout.isLarge !== true) return certifyWith({ seed, params }, op, ...at);
  const order = wrongAt === 2 || seed === SEEDS[0] ? 2 : 1;
  if (first === undefined) return certifyWith({ seed, params, order }, op, ...at);
  const k = NAMES.indexOf(first);
  const [x, gamma, beta] = at;
  const alone = (t: Tensor): Tensor =>
    bind(op, [k === 0 ? t : x, k === 1 ? t : gamma, k === 2 ? t : beta], params);
  return certifyWith({ seed, order }, alone, at[k]!);
}

/** At how many of the seeds each objected. */
interface Tally {
  readonly verdict: number;
  readonly dot: number;
  readonly agreement: number;
  readonly ridders: number;
  readonly riddersOnVjp: number;
}

function tally(reports: readonly Report[]): Tally {
  const objections = (order: number, layer: string): number =>
    reports.filter(({ findings }) =>
      findings.some((f) => f.order === order && f.checks.some((c) => c.layer === layer && !c.passes)),
    ).length;
  return {
    verdict: reports.filter(({ verdict }) => verdict === "disagrees").length,
    dot: objections(1, "A"),
    agreement: objections(1, "B"),
    ridders: objections(1, "C"),
    riddersOnVjp: objections(2, "C"),
  };
}

const EXPECTED: Readonly<Record<Mistake["order"], Tally>> = {
  0: { verdict: 0, dot: 0, agreement: 0, ridders: 0, riddersOnVjp: 0 },
  1: { verdict: 10, dot: 10, agreement: 10, ridders: 10, riddersOnVjp: 0 },
  2: { verdict: 10, dot: 0, agreement: 0, ridders: 0, riddersOnVjp: 10 },
};

describe.each(LAYOUTS)("at [$shape]", (layout) => {
  const isMistake = ({ axes }: Mistake): boolean => layout.axes.length >= axes;
  const rows = BATCH_NORM_MISTAKES.filter(isMistake).map((mistake) => [mistake.what, mistake] as const);

  test.each(rows)("%s", { timeout: 300_000 }, (what, mistake) => {
    const reports = SEEDS.map((seed) => certified(mistake, layout, seed));
    const expected = EXPECTED[mistake.order];
    // A gradient that is 5e-6 of itself too large moves one direction in 32,768 dimensions by about 1e-8.
    const isFaint = what === "eps forgotten" && layout.isLarge === true;
    expect(tally(reports)).toEqual(isFaint ? { ...expected, ridders: expect.any(Number) } : expected);
    if (mistake.order === 0) {
      for (const report of reports) expect(report.verdict, `${report}`).toBe("agrees");
      return;
    }
    // No other order is blamed, and at the first no other input. A Hessian that is wrong in x is not symmetric, so that
    // others may be blamed with it.
    const blamed = reports.flatMap(({ findings }) => findings.filter((f) => f.verdict !== "agrees"));
    const names = [...new Set(blamed.map(({ input }) => input))];
    const expectedNames = layout.isLarge === true ? mistake.of.slice(0, 1) : mistake.of;
    expect(mistake.order === 1 ? names.sort() : names).toEqual(
      mistake.order === 1 ? [...expectedNames].sort() : expect.arrayContaining([...expectedNames]),
    );
    expect(new Set(blamed.map(({ order }) => order))).toEqual(new Set([mistake.order]));
  });

  test("it is all of the table", () => {
    expect(rows).toHaveLength(layout.axes.length === 1 ? 14 : 15);
  });
});

test.each(
  BATCH_NORM_MISTAKES.filter(({ axes }) => axes === 1).map((mistake) => [mistake.what, mistake] as const),
)("%s: a cotangent of ones proves nothing, and is not taken for proof", (_, { op }) => {
  const layout = LAYOUTS[1]!;
  for (const seed of SEEDS) {
    const [x, gamma, beta] = inputs(layout, seed);
    const loss = (t: Tensor): Tensor => sum(bind(op, [t, gamma, beta], { axes: layout.axes, eps: 1e-5 }));
    expect(["vacuous", "disagrees"]).toContain(certify(loss, x).verdict);
  }
});
