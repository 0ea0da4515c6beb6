export type { AlgebraLaw, AlgebraRule } from "./rule.ts";
export { ALGEBRA_RULES, REASSOCIATION_RULES, ZERO_RULES } from "./rules/index.ts";
export { type Simplification, type SimplifyOptions, type SimplifyStep, simplify } from "./simplify.ts";
