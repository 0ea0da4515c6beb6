export type { Difference } from "./entries.ts";
export type { Identity, Invariance } from "./identity.ts";
export { type InvarianceOptions, invariances, invariancesWith } from "./invariances.ts";
export type { At, InputRef, Run } from "./layer.ts";
export { permutationEquivariant, shiftInvariant } from "./movements.ts";
export { homogeneous, linearIn, translationOf } from "./parameters.ts";
export type { InvarianceFinding, InvarianceReport } from "./report.ts";
export { type ScaleOptions, scaleInvariant } from "./scaling.ts";
