import { type Program, type Rewrite, removeDeadNodes } from "../../graph/index.ts";
import type { DerivationStep } from "./derivation.ts";
import { type Equation, equationsOf, type Titled } from "./notation/equations.ts";
import type { Pass, State } from "./rewriting.ts";

/** What has a statement: a law, or a rule of `simplify`. */
export interface Said {
  readonly statement: string;
}

/** A derivation while it is made: passes are taken, and what they did together is written down as a step. */
export class Progress {
  state: State;
  readonly steps: DerivationStep[];
  #pending: Rewrite[] = [];
  #used: Set<Said> = new Set();

  constructor(state: State, steps: readonly DerivationStep[]) {
    this.state = state;
    this.steps = [...steps];
  }

  take({ state, rewrite, used }: Pass): void {
    this.state = state;
    for (const law of used) this.#used.add(law);
    if (rewrite.patches.length > 0) this.#pending.push(rewrite);
  }

  /**
   * A step, unless no equation is new: then what was done goes into the next.
   *
   * @param laws of which those are told that were needed
   */
  close(title: string, always: readonly Said[], laws: readonly Said[] = []): void {
    const equations = equationsOf(this.state.program, this.state.bars);
    const known = new Set(this.steps[this.steps.length - 1]!.equations.map(({ text }) => text));
    if (equations.every(({ text }) => known.has(text))) return;
    const why = [...always, ...laws.filter((law) => this.#used.has(law))];
    this.steps.push(step(title, why, equations, "cotangents", chained(this.#pending), this.state.program));
    this.#pending = [];
    this.#used.clear();
  }
}

/** @param rewrite from the step before; null where it was not made from that */
export function step(
  title: string,
  why: readonly Said[],
  equations: readonly Equation[],
  computes: DerivationStep["computes"],
  rewrite: Rewrite | null,
  after: Program,
): DerivationStep {
  return {
    title,
    why: why.map(({ statement }) => statement),
    equations,
    computes,
    before: rewrite?.before ?? after,
    after,
    patches: rewrite?.patches ?? [],
    inverse: rewrite?.inverse ?? [],
  };
}

/** Passes one after the other, as one. */
function chained(passes: readonly Rewrite[]): Rewrite | null {
  const [first] = passes;
  if (first === undefined) return null;
  return {
    before: first.before,
    after: passes[passes.length - 1]!.after,
    patches: passes.flatMap(({ patches }) => patches),
    inverse: passes.toReversed().flatMap(({ inverse }) => inverse),
  };
}

/** A pass that knows nothing of cotangents' names: they go with the nodes that have them, results with the outputs. */
export function adopted(state: State, made: Rewrite): Pass {
  const cleaned = removeDeadNodes(made.after);
  const { after } = cleaned;
  const byName = new Map(Object.entries(after.nodes).map(([id, { name }]) => [name, Number(id)]));
  const first = state.bars.length - state.inputBars;
  const outputs = [...after.outputs];
  const bars = state.bars.flatMap(({ label, id }, k): Titled[] => {
    if (id === null) return [{ label, id }];
    if (k >= first) return [{ label, id: outputs.shift()! }];
    const own = state.program.nodes[id]!.name;
    const now = after.nodes[id]?.name === own ? id : own === null ? undefined : byName.get(own);
    return now === undefined ? [] : [{ label, id: now }];
  });
  const counts = state.counts.filter(({ id }) => after.nodes[id] !== undefined);
  return {
    rewrite: chained([made, cleaned])!,
    used: [],
    state: { ...state, program: after, bars, counts },
  };
}
