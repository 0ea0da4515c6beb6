export * from "../graph/index.ts";
export * from "../ops/index.ts";
export { type Certifiable, type CertifyOptions, certify, certifyWith } from "./certify/certify.ts";
export {
  homogeneous,
  type InputRef,
  type Invariance,
  type InvarianceFinding,
  type InvarianceOptions,
  type InvarianceReport,
  invariances,
  invariancesWith,
  linearIn,
  permutationEquivariant,
  type ScaleOptions,
  scaleInvariant,
  shiftInvariant,
  translationOf,
} from "./certify/invariances/index.ts";
export { type Mutant, type Mutation, mutate } from "./certify/mutation/mutate.ts";
export type { MutationOptions } from "./certify/mutation/points.ts";
export { type MutationScore, mutationScore, type Survivor } from "./certify/mutation/score.ts";
export type { Check, Finding, Held, Report, Slopes, Verdict } from "./certify/report.ts";
export { type Extrapolation, ridders } from "./certify/ridders.ts";
export type { Worst } from "./certify/worst.ts";
export { type Compiled, type CompileOptions, compile } from "./compile/compile.ts";
export {
  ALGEBRA_RULES,
  type AlgebraLaw,
  type AlgebraRule,
  REASSOCIATION_RULES,
  type Simplification,
  type SimplifyOptions,
  type SimplifyStep,
  simplify,
  ZERO_RULES,
} from "./compile/simplify/index.ts";
export type { CompileStats } from "./compile/stats.ts";
export { fromJson, toArray, toTypedArray } from "./convert/index.ts";
export {
  arange,
  type DTypeOption,
  eye,
  full,
  fullLike,
  linspace,
  type NestedData,
  type NumericArray,
  ones,
  onesLike,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from "./create/index.ts";
export type { Derivation, DerivationStep } from "./derive/derivation.ts";
export { derive } from "./derive/derive.ts";
export type { Equation } from "./derive/notation/equations.ts";
export { explain } from "./explain/explain.ts";
export type { Explanation, InputExplanation, Reason, ReasonKind } from "./explain/explanation.ts";
export {
  type FloatOption,
  type MT19937State,
  NumPyRandom,
  numpyRandom,
  Random,
  type RandomSource,
  type RandomState,
  random,
  type StreamLabel,
  type StreamState,
} from "./random/index.ts";
export { customVjp, type Likes } from "./transforms/customVjp.ts";
export { grad, jvp, valueAndGrad, vjp } from "./transforms/derivatives.ts";
export { hessian } from "./transforms/hessian.ts";
export { hvp } from "./transforms/hvp.ts";
export { type Jacobian, jacobian } from "./transforms/jacobian.ts";
export { record } from "./transforms/record.ts";
export type { AllLoose, AllTraced, Loose, Traced, Tree } from "./tree.ts";
