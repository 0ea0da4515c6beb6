import {
  ArgumentError,
  allocate,
  describe,
  filled,
  fromData,
  isFloat,
  type MaybeZero,
  type Program,
  programOf,
  pullback,
  type Tensor,
  withOrigins,
} from "../../graph/index.ts";
import { checkedFunction, checkedOptions, checkedSeed } from "../../graph/options.ts";
import { add } from "../../ops/index.ts";
import { stream } from "../random/stream.ts";
import { namedByKeys } from "../transforms/namedByKeys.ts";
import { differentials, type Run, run } from "../transforms/run.ts";
import { type AllLoose, type AllTraced, flatten, type Loose, type Tree } from "../tree.ts";
import { arrayView } from "./arrayView.ts";
import type { BackwardMove, Gift, TapeDocument } from "./document.ts";
import { tapeNodes } from "./nodes.ts";
import { type Pass, passReplay } from "./passReplay.ts";
import { withShortFiles } from "./shortFiles.ts";

export interface ExploreOptions<Y = unknown> {
  /** The cotangent at the result, like it. */
  readonly yBar?: Loose<Y>;
  /** What the cotangent is drawn from, standard normal, where it is not given and the result is no scalar; 1. */
  readonly seed?: number;
  /** What it is called; the function's own name unless given. */
  readonly name?: string;
  /** The code that f is written in, to be shown beside: under the file name that origins have. */
  readonly source?: { readonly file: string; readonly text: string };
  /** Passes over the recorded program, to be replayed: `simplify(record(f, ...x)).steps`. */
  readonly passes?: readonly Pass[];
}

const NAMES: readonly (keyof ExploreOptions)[] = ["yBar", "seed", "name", "source", "passes"];

/**
 * What f does at x, and what the walk back does after it, as plain data for looking at: the tape explorer shows it.
 *
 * Every node has its value, its cotangent, its local derivative as a formula, and the line of the user's code that
 * applied it. The walk begins with 1 where f returns a scalar, else with a cotangent that is drawn from a seed.
 * Inputs that have no derivative (int32, bool) are looked at like all others, and get no cotangent.
 *
 * @throws ArgumentError where an input or the result is no tree of tensors
 */
export function explore<X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  ...x: X
): TapeDocument {
  return explored("explore", {}, f, x);
}

/**
 * {@link explore} with a cotangent of one's own, the source beside it, or passes to be replayed.
 *
 * @throws ArgumentError for options that are none; ShapeError, DTypeError for a cotangent that does not fit the result
 */
export function exploreWith<X extends readonly unknown[], Y extends Tree>(
  options: ExploreOptions<Y>,
  f: (...x: AllTraced<X>) => Y,
  ...x: X
): TapeDocument {
  return explored("exploreWith", checkedExplore("exploreWith", options), f, x);
}

function checkedExplore<Y>(op: string, options: ExploreOptions<Y>): ExploreOptions<Y> {
  const { seed, name, source, passes } = checkedOptions(op, options, NAMES);
  if (seed !== undefined) checkedSeed(op, seed);
  if (name !== undefined && typeof name !== "string") {
    throw new ArgumentError(op, "name to be a string", describe(name));
  }
  if (source !== undefined && (typeof source?.file !== "string" || typeof source.text !== "string")) {
    throw new ArgumentError(op, "source to be { file, text }", describe(source));
  }
  if (passes !== undefined && !(Array.isArray(passes) && passes.every(isPass))) {
    throw new ArgumentError(op, "passes, each { pass, before, after, patches }", describe(passes));
  }
  return options;
}

function isPass(value: unknown): boolean {
  const given = value as Partial<Pass> | null | undefined;
  return (
    typeof given?.pass === "string" && Array.isArray(given.patches) && typeof given.before?.nodes === "object"
  );
}

function explored<X extends readonly unknown[], Y extends Tree>(
  op: string,
  options: ExploreOptions<Y>,
  f: (...x: AllTraced<X>) => Y,
  x: X,
): TapeDocument {
  checkedFunction(op, "f", f);
  const flat = flatten<AllLoose<X>>(op, "input ", x);
  const leaves = namedByKeys(flat);
  const isDifferentiated = leaves.length > 0 && leaves.every(({ dtype }) => isFloat(dtype));
  const made = withOrigins(() => run<X, Y>(op, f, flat.rebuild(leaves), isDifferentiated));
  const [seed, yBar] = seedOf(op, options, made);
  const program = programOf(made.tape);
  const walk = walkBack(made, program, yBar);
  const nodes = tapeNodes(program, walk.cotangents);
  const shown = new Set(nodes.map(({ id }) => id));
  return withShortFiles({
    format: "wengert/tape",
    version: 1,
    name: options.name ?? (f.name === "" ? "f" : f.name),
    nodes,
    inputs: [...program.inputs],
    outputs: [...program.outputs],
    forward: nodes.filter(({ kind }) => kind === "op").map(({ id }) => id),
    seed,
    seeds: walk.seeds,
    backward: walk.backward.filter(({ id }) => shown.has(id)),
    source: options.source === undefined ? null : { ...options.source },
    passes: passReplay(options.passes ?? []),
  });
}

/** What the walk back begins with. A result that is not float has no cotangent. */
function seedOf<Y>(
  op: string,
  { yBar, seed = 1 }: ExploreOptions<Y>,
  { y }: Run<unknown, Y>,
): readonly [TapeDocument["seed"], readonly MaybeZero[]] {
  if (yBar !== undefined) return ["given", differentials(op, "the cotangent", yBar, y)];
  const drawn = y.leaves.map((t, k) => {
    if (!isFloat(t.dtype)) return null;
    if (t.rank === 0 && y.leaves.length === 1) return filled([], t.dtype, 1);
    const numbers = stream(seed, "explore", k);
    const data = allocate(t.dtype, t.size);
    for (let i = 0; i < data.length; i++) data[i] = numbers.gaussian();
    return fromData(t.shape, t.dtype, data);
  });
  if (drawn.every((bar) => bar === null)) return ["none", drawn];
  return [y.leaves.length === 1 && y.leaves[0]!.rank === 0 ? "one" : "drawn", drawn];
}

interface Walk {
  readonly seeds: readonly Gift[];
  readonly backward: readonly BackwardMove[];
  /** What has arrived at each node when all is done. */
  readonly cotangents: ReadonlyMap<number, Tensor>;
}

/** The walk back, with what every node is given on the way. */
function walkBack({ tape }: Run<unknown, unknown>, program: Program, yBar: readonly MaybeZero[]): Walk {
  const cotangents = new Map<number, Tensor>();
  const give = (to: number, xBar: Tensor): Gift => {
    const before = cotangents.get(to);
    const sum = before === undefined ? xBar : add(before, xBar);
    cotangents.set(to, sum);
    return { to, xBar: arrayView(xBar), sum: before === undefined ? null : arrayView(sum) };
  };
  const isActive = (id: number): boolean => program.nodes[id]!.isActive;
  const seeds = program.outputs.flatMap((id, k) => {
    const bar = yBar[k] ?? null;
    return bar === null || !isActive(id) ? [] : [give(id, bar)];
  });
  const backward: BackwardMove[] = [];
  pullback(tape, yBar, add, ({ index, node, xBar }) => {
    const gives = node.parents.flatMap((to, k) => {
      const bar = xBar[k] ?? null;
      return bar === null || !isActive(to) ? [] : [give(to, bar)];
    });
    backward.push({ id: index, gives });
  });
  return { seeds, backward, cotangents };
}
