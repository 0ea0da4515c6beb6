import {
  ArgumentError,
  describe,
  inOrder,
  isFloat,
  NotDifferentiableError,
  type Program,
  removeDeadNodes,
} from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import { ALGEBRA_RULES } from "../compile/simplify/index.ts";
import { rewriteByRules } from "../compile/simplify/rewriteByRules.ts";
import { recordAs } from "../transforms/record.ts";
import type { AllTraced, Tree } from "../tree.ts";
import { type Backward, backwardOf, namesOf } from "./backward.ts";
import type { Derivation, DerivationStep } from "./derivation.ts";
import { differencesOf } from "./differences.ts";
import { type Equation, equationsOf, type Titled } from "./notation/equations.ts";
import { derivationLatex, derivationText, stepLatex } from "./print.ts";
import { adopted, Progress, type Said, step } from "./progress.ts";
import { withReferences } from "./references.ts";
import { byLaws, isArithmetic, readWhole, type State, withoutNames } from "./rewriting.ts";
import { CHOICES, ONE_OF_ALL } from "./rules/choices.ts";
import { COMMON_FACTOR } from "./rules/commonFactor.ts";
import type { Law } from "./rules/law.ts";
import { type Count, MEANS, spellOutMeans } from "./rules/means.ts";
import { NAMES, PRODUCTS } from "./rules/products.ts";
import { DEVIATIONS, LINEAR_SUMS, SUMS } from "./rules/sums.ts";

/**
 * The backward of f, as equations: its tape walked back node by node, then brought step by step to the form that people
 * derive by hand.
 *
 *     console.log(String(derive((x, W, b) => add(matmul(x, W), b), x, W, b)));
 *
 * f is run once, at x. Its shapes decide what is derived, its numbers do not (but for where control flow goes): they are
 * there so that each step can be checked against the one before (`differences`). A scalar result has the cotangent 1,
 * so the outcome is its gradient; any other gets a cotangent by name. int32 and bool inputs are held fixed. Fused ops
 * are derived from their references. What is named (`named(x, "gamma")`) goes by its name.
 *
 * @throws ArgumentError where f is no function, or an input or the result is no tree of tensors
 * @throws NotDifferentiableError where no input or no result is float
 */
export function derive<X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  ...x: X
): Derivation {
  checkedFunction("derive", "f", f);
  const recorded = removeDeadNodes(withReferences(recordAs("derive", f, x))).after;
  assertFloat(recorded);
  const names = namesOf(recorded);
  const steps: DerivationStep[] = [step("The tape", [], described(recorded, names), "value", null, recorded)];
  const { rewrite: means, counts } = spellOutMeans(recorded);
  if (counts.length > 0) {
    steps.push(step("Means are sums", [MEANS], described(means.after, names), "value", means, means.after));
  }
  const walk = backwardOf(means.after, namesOf(means.after));
  const equations = equationsOf(walk.program, walk.bars);
  steps.push(step("Back along the tape", [CHAIN_RULE], equations, "cotangents", null, walk.program));

  const isGiven = (id: number): boolean => recorded.nodes[id]!.name !== null || recorded.outputs.includes(id);
  const given = new Set([...names].flatMap(([id, name]) => (isGiven(id) ? [name] : [])));
  const progress = new Progress(stateOf(walk, counts), steps);
  simplified(progress, given);
  return finished(f.name || "the function", progress, recorded, walk, counts);
}

/**
 * From the walk back to the closed form.
 *
 * @param given the names that someone has given, which are worth keeping
 */
function simplified(progress: Progress, given: ReadonlySet<string>): void {
  const exact = rewriteByRules(progress.state.program, EXACT);
  const applied = new Set(exact.applied.map(({ rule }) => rule));
  progress.take(adopted(progress.state, exact));
  progress.close(
    "Rules that change no bit",
    EXACT.filter(({ name }) => applied.has(name)),
  );

  const laws: Law[] = [SUMS, PRODUCTS, NAMES];
  progress.take(withoutSpareNames(progress.state, given));
  progress.take(byLaws(progress.state, laws));
  progress.close("Products gathered", [], [PRODUCTS, NAMES]);

  const { program, bars } = progress.state;
  const kept = readWhole(program);
  const cotangents = new Set(bars.map(({ label }) => label));
  const isKept = (id: number): boolean => kept.has(id) || program.nodes[id]!.op === null;
  progress.take(withoutNames(progress.state, (name) => cotangents.has(name), isKept));
  progress.take(byLaws(progress.state, laws));
  progress.close("Cotangents put in where they are used", [PUT_IN]);

  for (const [title, further] of STAGES) {
    laws.push(...further);
    progress.take(byLaws(progress.state, laws));
    progress.close(title, [], further);
  }
}

const CHAIN_RULE: Said = {
  statement: "each op passes on its cotangent times its local derivative; where paths meet, they add up",
};

const PUT_IN: Said = {
  statement: "its formula stands for each cotangent; those that an op reads as a whole keep their equations",
};

const STAGES: readonly (readonly [title: string, laws: readonly Law[]])[] = [
  ["Choices are products", [CHOICES]],
  ["Sums term by term", [LINEAR_SUMS]],
  ["What is known of sums", [DEVIATIONS, ONE_OF_ALL]],
  ["Common factors taken out", [COMMON_FACTOR]],
];

/** Rules that would take a number into another, and with it its name: N. */
export const ABSORBING: readonly string[] = [
  "minus times a constant",
  "over a power of two",
  "scale by a constant",
];
const EXACT = ALGEBRA_RULES.filter(({ name }) => !ABSORBING.includes(name));

function stateOf({ program, bars, inputBars, idOf }: Backward, counts: readonly Count[]): State {
  return {
    program,
    bars,
    inputBars,
    forward: new Set(idOf.values()),
    counts: counts.map((count) => ({ ...count, id: idOf.get(count.id)! })),
  };
}

/** Without names that the tape made up, but where an op reads the node as a whole, or it is read more than once. */
function withoutSpareNames(state: State, given: ReadonlySet<string>): ReturnType<typeof withoutNames> {
  const { program, counts } = state;
  const whole = readWhole(program);
  const counted = new Set(counts.map(({ id }) => id));
  const isSpare = (name: string): boolean => !given.has(name.replace(/Bar(_\d+)?$/, "")) && !given.has(name);
  const isNeeded = (id: number): boolean => whole.has(id) || isReadTwice(program, id);
  return withoutNames(
    state,
    isSpare,
    (id) => counted.has(id) || (isFloat(program.nodes[id]!.dtype) && isNeeded(id)),
  );
}

/** Whether what is not taken apart is read more than once. */
function isReadTwice({ nodes }: Program, id: number): boolean {
  const { op } = nodes[id]!;
  if (op === null || isArithmetic(op)) return false;
  return Object.values(nodes).filter(({ parents }) => parents.includes(id)).length > 1;
}

/** The equations of the forward pass: of every op on the tape. */
function described(program: Program, names: ReadonlyMap<number, string>): readonly Equation[] {
  const nodes: Record<number, Program["nodes"][number]> = {};
  for (const [key, node] of Object.entries(program.nodes)) {
    nodes[Number(key)] = { ...node, name: node.name ?? names.get(Number(key)) ?? null };
  }
  const titles = inOrder(program).flatMap((id): Titled[] => {
    const label = names.get(id);
    return label === undefined || program.nodes[id]!.op === null ? [] : [{ label, id }];
  });
  return equationsOf({ ...program, nodes }, titles);
}

function assertFloat({ nodes, inputs, outputs }: Program): void {
  for (const [what, ids] of [
    ["input", inputs],
    ["result", outputs],
  ] as const) {
    if (ids.some((id) => isFloat(nodes[id]!.dtype))) continue;
    const got = ids.map((id) => nodes[id]!.dtype).join(", ");
    throw new NotDifferentiableError(
      "derive",
      `f to have a float ${what}`,
      got || "nothing",
      "cast it to float64",
    );
  }
}

function finished(
  subject: string,
  { steps, state: { program, bars, inputBars } }: Progress,
  recorded: Program,
  { inputs }: Backward,
  counts: readonly Count[],
): Derivation {
  const known = { subject, steps, counts: counts.map(({ name, value }) => ({ name, value })) };
  return {
    ...known,
    result: equationsOf(program, bars.slice(bars.length - inputBars)),
    program,
    differences: (x = inputs) => differencesOf(recorded, steps, x),
    toString: () => derivationText(known),
    toLatex(k?: number) {
      const chosen = k === undefined ? undefined : steps[k];
      if (k === undefined) return derivationLatex(known);
      if (chosen === undefined) {
        throw new ArgumentError("toLatex", `a step from 0 to ${steps.length - 1}`, describe(k));
      }
      return stepLatex(chosen);
    },
  };
}
