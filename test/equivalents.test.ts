/**
 * The laws kill every error that `mutate` plants in the fused norms, but for the few that are none, each of which has its
 * proof here. A mutant that is called equivalent without a proof fails this test, and so does a proof of nothing.
 */
import { describe, expect, test } from "vitest";
import {
  certifyWith,
  type Fused,
  FusedBatchNorm,
  FusedLayerNorm,
  type Mutation,
  mutate,
  mutationScore,
  named,
  ones,
  type Tensor,
} from "../src/index.ts";
import { directions } from "./draw.ts";
import { LAWS, type LawName } from "./laws.ts";

type XGammaBeta = readonly [x: Tensor, gamma: Tensor, beta: Tensor];
type Norm = Fused<XGammaBeta, { readonly axes: readonly number[]; readonly eps: number }>;
interface Setting {
  readonly params: { readonly axes: readonly number[]; readonly eps: number };
  readonly inputs: XGammaBeta;
}

/**
 * The numbers are the same, because stopGradient(t) = t. Its derivative is another, but nobody takes it: where anything
 * is differentiated, `fused` puts the reference in the closed form's place.
 */
const NEVER_DIFFERENTIATED = "stopGradient(t) = t, and the closed form is never differentiated";

/**
 * The sums for gamma and beta, sum(t, 0) brought to gamma's shape, are over the examples; next to axis 0 is axis 1. Of
 * the op's samples only x of [3, 1], gamma of [1], lets that pass: elsewhere the sums cannot be brought to gamma's shape.
 * There sum(t, 1) = t, because axis 1 has one place, and to bring [3, 1] to [1] is to sum over axis 0: sum(t, 0) again.
 */
const ONE_FEATURE =
  "with one feature, a sum over the features is the identity, and what is stretched is summed back";

const PROOFS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fusedBatchNorm: {
    "takes mean(x) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "takes mean(square(x - mean(x))) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "takes sum(yBar) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "takes sum(yBar * ((x - …) / sqrt(…))) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
  },
  fusedLayerNorm: {
    "takes mean(x) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "takes mean(square(x - mean(x))) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "takes mean(yBar * gamma) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "takes mean((yBar * gamma) * ((x - …) / sqrt(…))) for a constant when it is differentiated":
      NEVER_DIFFERENTIATED,
    "takes sum(yBar * ((x - …) / sqrt(…))) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "takes sum(yBar) for a constant when it is differentiated": NEVER_DIFFERENTIATED,
    "reduces over the axes next to its own in sum(yBar * ((x - …) / sqrt(…)))": ONE_FEATURE,
    "reduces over the axes next to its own in sum(yBar)": ONE_FEATURE,
  },
};

const draw = directions(7, "equivalents");
const like = (...shape: number[]): Tensor => draw({ shape, dtype: "float64" });
const at = (x: Tensor, gamma: Tensor, axes: readonly number[]): Setting => ({
  params: { axes, eps: 1e-5 },
  inputs: [named(x, "x"), named(gamma, "gamma"), named(like(...gamma.shape), "beta")],
});

/** Undefined: the op's own samples. */
const OPS: readonly (readonly [op: Norm, settings: readonly (Setting | undefined)[]])[] = [
  [FusedBatchNorm, [undefined, at(like(6, 3), like(3), [0]), at(like(3, 2, 2, 3), like(2), [0, 2, 3])]],
  [FusedLayerNorm, [undefined, at(like(4, 5), like(5), [1]), at(like(4, 5), ones([5]), [1])]],
];
/** Its sums over [0, 1] have as many numbers as those over [0, 2], and are others. */
const SQUARE = at(like(2, 3, 3), like(3), [1]);

/** As a mutant of any inputs is called: those of samples have no names of their own. */
function called({ sentence }: Mutation): string {
  return sentence.replaceAll("x1", "x").replaceAll("x2", "gamma").replaceAll("x3", "beta");
}

async function equivalents(op: Norm, setting?: Setting): Promise<string[]> {
  return (await mutationScore(op, () => undefined, setting ?? {})).equivalent.map(called);
}

describe.each(OPS)("$name", (op, settings) => {
  const proofs = PROOFS[op.name]!;

  test("what is called equivalent is proved to be, and nothing else is proved", {
    timeout: 300_000,
  }, async () => {
    const found = new Set<string>();
    for (const setting of settings) for (const what of await equivalents(op, setting)) found.add(what);
    expect([...found].sort()).toEqual(Object.keys(proofs).sort());
  });

  test("each of two laws kills all others, and no law objects to these", { timeout: 300_000 }, () => {
    const survivors: Record<string, string[]> = { reference: [], vjp: [] };
    const objections: string[] = [];
    const mutants = mutate(op);
    for (const mutant of mutants) {
      const planted = Object.freeze({ ...mutant.op, name: op.name });
      const violated = (law: LawName): boolean => LAWS[law](planted, 1964) !== null;
      const what = called(mutant);
      if (what in proofs) {
        for (const law of Object.keys(LAWS) as LawName[])
          if (violated(law)) objections.push(`${law}: ${what}`);
      } else {
        for (const law of ["reference", "vjp"] as const) if (!violated(law)) survivors[law]!.push(what);
      }
    }
    expect(objections).toEqual([]);
    expect(survivors).toEqual({ reference: [], vjp: [] });
    expect(mutants.length - Object.keys(proofs).length).toBeGreaterThanOrEqual(80);
  });
});

test("where sums over the wrong axes fit and are errors, they are killed", {
  timeout: 300_000,
}, async () => {
  const { params, inputs } = SQUARE;
  const score = await mutationScore(
    FusedLayerNorm,
    (op) => certifyWith({ params, order: 1 }, op, ...inputs),
    SQUARE,
  );
  expect(score.survivors).toEqual([]);
  const proofs = PROOFS["fusedLayerNorm"]!;
  const isDetached = (what: string): boolean => proofs[what] === NEVER_DIFFERENTIATED;
  expect(score.equivalent.map(called).every(isDetached)).toBe(true);
  const planted = mutate(FusedLayerNorm, SQUARE).map(called);
  for (const [what, proof] of Object.entries(proofs))
    if (proof === ONE_FEATURE) expect(planted).toContain(what);
});
