import {
  ArgumentError,
  describe,
  foldConstants,
  mergeCommon,
  type Program,
  type Rewrite,
  removeDeadNodes,
} from "../../../graph/index.ts";
import { checkedOptions, NONE } from "../../../graph/options.ts";
import { assertProgram } from "../../../graph/program.ts";
import { type RuleRewrite, rewriteByRules } from "./rewriteByRules.ts";
import type { AlgebraRule } from "./rule.ts";
import { ALGEBRA_RULES } from "./rules/index.ts";

export interface SimplifyOptions {
  /** By which rules of algebra; `ALGEBRA_RULES` unless said otherwise. */
  readonly rules?: readonly AlgebraRule[];
}

/** One pass that changed something: its name, and its patches with the programs before and after. */
export interface SimplifyStep extends Rewrite {
  readonly pass: string;
  /** Of a pass by rules: which was applied to which node. */
  readonly applied?: RuleRewrite["applied"];
}

/** A program, made simpler, and how. `applyPatches`, step by step, leads from `before` to `after`. */
export interface Simplification {
  readonly before: Program;
  readonly after: Program;
  readonly steps: readonly SimplifyStep[];
}

/**
 * The same function with fewer and cheaper nodes: constants are folded, what is computed twice is computed once, rules
 * of algebra are applied, dead nodes are dropped, until none of that changes anything.
 *
 * Values stay the same to the bit (with `ZERO_RULES`: up to the sign of zero). Derivatives of the result are the same
 * up to the order in which cotangents are added.
 *
 * @throws ArgumentError for what is no program, and for rules that are none
 * @throws RuleError where rules of one's own do not come to an end
 */
export function simplify(program: Program, options: SimplifyOptions = NONE): Simplification {
  assertProgram("simplify", program);
  const { rules = ALGEBRA_RULES } = checkedOptions("simplify", options, ["rules"]);
  const byRules = (before: Program): RuleRewrite => rewriteByRules(before, checkedRules(rules));
  const passes = { foldConstants, mergeCommon, rules: byRules, removeDeadNodes };
  const steps: SimplifyStep[] = [];
  let after = program;
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const [pass, run] of Object.entries(passes)) {
      const step: Rewrite = run(after);
      if (step.patches.length === 0) continue;
      steps.push({ pass, ...step });
      after = step.after;
      isDone = false;
    }
  }
  return { before: program, after, steps };
}

function checkedRules(rules: readonly AlgebraRule[]): readonly AlgebraRule[] {
  if (!Array.isArray(rules)) throw new ArgumentError("simplify", "rules in an array", describe(rules));
  for (const rule of rules) {
    const given: Partial<AlgebraRule> | null | undefined = rule;
    if (typeof given?.rewrite === "function" && typeof given.name === "string") continue;
    throw new ArgumentError("simplify", "rules, each with a name and a function rewrite", describe(rule));
  }
  return rules;
}
