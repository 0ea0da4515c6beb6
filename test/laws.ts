/**
 * What must hold of every primitive. A law takes an op and says what violates it, or null: so the same laws serve to
 * test the ops, and to be tested themselves, on ops with planted errors.
 */
import type { AnyPrimitive } from "../graph/primitive.ts";
import { drawing } from "./draw.ts";
import { type AnySample, describeSample } from "./laws/application.ts";
import { linearityLaw, purityLaw, zeroLaw } from "./laws/cotangents.ts";
import { coverageLaw } from "./laws/coverage.ts";
import { deadElementsLaw } from "./laws/dead.ts";
import { conventionsLaw, notationLaw, recordLaw, rejectsLaw } from "./laws/declared.ts";
import {
  adjointLaw,
  jvpLaw,
  jvpOfJvpLaw,
  jvpOfVjpLaw,
  thirdOrderLaw,
  vjpOfJvpLaw,
  vjpOfVjpLaw,
} from "./laws/derivatives.ts";
import { layoutsLaw, loweringLaw } from "./laws/lowering.ts";
import { referenceFloat32Law, referenceLaw } from "./laws/reference.ts";
import { differentialsLaw, float32Law, specLaw } from "./laws/structure.ts";

export type Law = (op: AnyPrimitive, seed: number) => string | null;

export const LAWS = {
  record: recordLaw,
  coverage: guarded(coverageLaw),
  notation: everywhere(notationLaw),
  spec: everywhere(specLaw),
  differentials: everywhere(differentialsLaw),
  jvp: everywhere(jvpLaw),
  vjp: everywhere(adjointLaw),
  "jvp of vjp": everywhere(jvpOfVjpLaw),
  "jvp of jvp": everywhere(jvpOfJvpLaw),
  "vjp of vjp": everywhere(vjpOfVjpLaw),
  "vjp of jvp": everywhere(vjpOfJvpLaw),
  "third order": everywhere(thirdOrderLaw),
  linearity: everywhere(linearityLaw),
  zero: everywhere(zeroLaw),
  "dead elements": everywhere(deadElementsLaw),
  purity: everywhere(purityLaw),
  float32: everywhere(float32Law),
  reference: everywhere(referenceLaw),
  "reference in float32": everywhere(referenceFloat32Law),
  refusals: guarded(rejectsLaw),
  conventions: guarded(conventionsLaw),
  lowering: everywhere(loweringLaw),
  layouts: guarded(layoutsLaw),
} satisfies Record<string, Law>;

export type LawName = keyof typeof LAWS;

/** Names of the laws that object to an op. */
export function objections(op: AnyPrimitive, seed: number): LawName[] {
  return (Object.keys(LAWS) as LawName[]).filter((name) => LAWS[name](op, seed) !== null);
}

/** At every sample of the op. */
function everywhere(law: (op: AnyPrimitive, sample: AnySample, seed: number) => string | null): Law {
  return (op, seed) => {
    const samples = op.samples(drawing(seed, op.name));
    if (samples.length === 0) return "there are no samples";
    for (const [index, sample] of samples.entries()) {
      const violation = guarded((it) => law(it, sample, seed))(op, seed);
      if (violation !== null) return `${describeSample(sample, index)}: ${violation}`;
    }
    return null;
  };
}

/** An error is a violation too. */
function guarded(law: Law): Law {
  return (op, seed) => {
    try {
      return law(op, seed);
    } catch (error) {
      return `throws ${error}`;
    }
  };
}
