/** What all optimisers have in common: trees are taken apart and put together, inputs checked, steps counted. */
import { freeze } from "immer";
import {
  ArgumentError,
  DTypeError,
  describe,
  filled,
  isFloat,
  ShapeError,
  Tensor,
} from "../../graph/index.ts";
import { checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { add } from "../../ops/index.ts";
import { differentials } from "../transforms/run.ts";
import type { Flat, Tree } from "../tree.ts";
import { checkedNonNegative, checkedTree } from "./checked.ts";
import { type LearningRate, rateAt, type StepCount } from "./learningRate.ts";
import type { Optimizer, Updated, UpdateOptions } from "./optimizer.ts";

/** The count of steps, and a tree like the parameters for each thing that is kept. */
export type State<K extends string> = { readonly step: StepCount } & { readonly [kept in K]: Tree };

/** One parameter after a step, and what is kept of it. */
export type Next<K extends string> = Readonly<Record<K | "param", Tensor>>;

/** The step of one parameter, given its gradient and what was kept of it. */
export type Move<K extends string> = (w: Tensor, g: Tensor, kept: Readonly<Record<K, Tensor>>) => Next<K>;

export interface Rule<K extends string> {
  readonly name: string;
  readonly learningRate: LearningRate;
  /** What is kept of each parameter: tensors of its shape and dtype, zeros to begin with. */
  readonly kept: readonly K[];
  /**
   * What is the same for all parameters is computed once.
   *
   * @param rate this step's learning rate: float64, of rank 0
   * @param step which step this is, counted from 1
   */
  begin(rate: Tensor, step: StepCount): Move<K>;
}

export function optimizer<K extends string>(rule: Rule<K>): Optimizer<State<K>> {
  const { name, learningRate, kept } = rule;
  return Object.freeze({
    name,

    init(params: Tree): State<K> {
      const flat = checkedTree<Tree>(name, "params", params);
      const zeros = (): Tree => flat.rebuild(flat.leaves.map((w) => filled(w.shape, w.dtype, 0)));
      return stateOf(
        0,
        kept.map((k) => [k, zeros()]),
      );
    },

    update<P extends Tree>(
      params: P,
      grads: P,
      state: State<K>,
      options: UpdateOptions = NONE,
    ): Updated<P, State<K>> {
      const { factor = 1 } = checkedOptions(name, options, FACTOR);
      checkedFactor(name, factor);
      const flat = checkedTree<P>(name, "params", params);
      const gs = differentials(name, "grads", grads, flat);
      const { step, trees } = stateLike(rule, state, flat);
      const rate = rateAt(name, learningRate, step, factor);
      const next = typeof step === "number" ? step + 1 : add(step, 1);
      const move = rule.begin(rate, next);
      const moved = flat.leaves.map((w, i) => {
        const before = Object.fromEntries(kept.map((k) => [k, trees[k][i]!])) as Record<K, Tensor>;
        return move(w, gs[i] ?? filled(w.shape, w.dtype, 0), before);
      });
      const after = (k: K | "param"): P => flat.rebuild(moved.map((m) => m[k]));
      // The trees are new, and nobody may change them; the tensors in them are no drafts of immer's.
      return freeze(
        {
          params: after("param"),
          state: stateOf(
            next,
            kept.map((k) => [k, after(k)]),
          ),
        },
        true,
      );
    },
  });
}

const FACTOR = ["factor"];

/** @throws ArgumentError, ShapeError, DTypeError unless it is a number >= 0, or one float */
function checkedFactor(op: string, factor: number | Tensor): void {
  if (!(factor instanceof Tensor)) {
    checkedNonNegative(op, "factor", factor);
    return;
  }
  if (factor.rank !== 0) throw new ShapeError(op, "factor of rank 0", `[${factor.shape}]`);
  if (!isFloat(factor.dtype)) throw new DTypeError(op, "factor to be a float", factor.dtype);
}

function stateOf<K extends string>(step: StepCount, trees: readonly (readonly [K, Tree])[]): State<K> {
  return freeze({ step, ...Object.fromEntries(trees) } as State<K>, true);
}

/** @throws ArgumentError, ShapeError, DTypeError unless it is what this rule keeps of parameters like these */
function stateLike<K extends string>(
  { name, kept }: Rule<K>,
  state: State<K>,
  params: Flat<unknown>,
): { readonly step: StepCount; readonly trees: Readonly<Record<K, readonly Tensor[]>> } {
  const names = typeof state === "object" && state !== null ? Object.keys(state) : [];
  const expected = ["step", ...kept];
  if (names.length !== expected.length || !expected.every((key) => names.includes(key))) {
    const received = names.length === 0 ? describe(state) : `{ ${names.join(", ")} }`;
    const remedy = `begin with ${name}(...).init(params)`;
    throw new ArgumentError(name, `a state { ${expected.join(", ")} }`, received, remedy);
  }
  const trees = kept.map((k) => {
    const what = `state.${k}`;
    const tensors = differentials(name, what, state[k], params).map((t, i) => {
      if (t !== null) return t;
      throw new ArgumentError(name, `${what}${params.path(i)} to be a tensor`, "null");
    });
    return [k, tensors];
  });
  return {
    step: checkedStep(name, state.step),
    trees: Object.fromEntries(trees) as Record<K, readonly Tensor[]>,
  };
}

function checkedStep(op: string, step: unknown): StepCount {
  if (!(step instanceof Tensor)) return checkedInteger(op, "state.step", step, 0);
  if (step.rank === 0) return step;
  throw new ShapeError(op, "state.step of rank 0", `[${step.shape}]`);
}
