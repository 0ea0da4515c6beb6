import { ArgumentError, type Inputs } from "../../../graph/index.ts";
import { checkedFunction, checkedOptions } from "../../../graph/options.ts";
import type { Fused } from "../../../ops/index.ts";
import { table } from "../table.ts";
import { whyEquivalent } from "./equivalent.ts";
import { assertFused, type Mutation, mutate } from "./mutate.ts";
import { type MutationOptions, pointsOf } from "./points.ts";
import { remedyFor } from "./remedy.ts";

/** An error that a test lets pass, and what would notice it. */
export interface Survivor extends Mutation {
  readonly remedy: string;
}

/** What a test noticed. Plain data but for `toString`, which prints it as a table. */
export interface MutationScore {
  readonly subject: string;
  /** The mutants that a test could notice: those that are no equivalents. */
  readonly total: number;
  readonly killed: number;
  /** killed / total */
  readonly score: number;
  readonly survivors: readonly Survivor[];
  readonly equivalent: readonly (Mutation & { readonly reason: string })[];
  toString(): string;
}

/**
 * How many errors in a registered backward a test would notice: it is run on the op, and then on each of its mutants
 * (see {@link mutate}).
 *
 *     await mutationScore(FusedBatchNorm, (op) => certifyWith({ params }, op, x, gamma, beta));
 *
 * @param test a mutant is killed when it throws, rejects, or returns false or a report that disagrees
 * @throws ArgumentError where the test objects to the op as it is, or for what is no op with a reference
 */
export function mutationScore<I extends Inputs, P>(
  op: Fused<I, P>,
  test: (op: Fused<I, P>) => unknown,
  options: MutationOptions<I, P> = {},
): Promise<MutationScore> {
  assertFused("mutationScore", op);
  checkedFunction("mutationScore", "the test", test);
  checkedOptions("mutationScore", options, ["params", "inputs", "seed"]);
  // Here and not in the promise: what is wrong with the call is said at once.
  const points = pointsOf("mutationScore", op, options);
  return scored(op, test, points, mutate(op, options), options.inputs !== undefined);
}

async function scored<I extends Inputs, P>(
  op: Fused<I, P>,
  test: (op: Fused<I, P>) => unknown,
  points: ReturnType<typeof pointsOf<I, P>>,
  mutants: ReturnType<typeof mutate<I, P>>,
  areGiven: boolean,
): Promise<MutationScore> {
  const complaint = await objection(test, op);
  if (complaint !== null) {
    const remedy = "a test that fails anyway says nothing about mutants";
    throw new ArgumentError("mutationScore", `a test that passes on ${op.name} as it is`, complaint, remedy);
  }
  const survivors: Survivor[] = [];
  const equivalent: (Mutation & { readonly reason: string })[] = [];
  let killed = 0;
  for (const mutant of mutants) {
    const { kind, node, sentence } = mutant;
    const reason = whyEquivalent(op, mutant, points);
    if (reason !== null) equivalent.push({ kind, node, sentence, reason });
    else if ((await objection(test, mutant.op)) !== null) killed++;
    else survivors.push({ kind, node, sentence, remedy: remedyFor(op, mutant, points, areGiven) });
  }
  const total = killed + survivors.length;
  const made = {
    subject: op.name,
    total,
    killed,
    score: total === 0 ? 1 : killed / total,
    survivors,
    equivalent,
  };
  return { ...made, toString: () => printed(made) };
}

/** What the test had to say against the op; null if it was content. */
async function objection<T>(test: (op: T) => unknown, op: T): Promise<string | null> {
  try {
    const said: unknown = await test(op);
    if (said === false) return "false";
    const { verdict } = (said ?? {}) as { readonly verdict?: unknown };
    return verdict === "disagrees" ? "a report that disagrees" : null;
  } catch (error) {
    return `an error (${error instanceof Error ? error.message : String(error)})`;
  }
}

function printed({
  subject,
  total,
  killed,
  score,
  survivors,
  equivalent,
}: Omit<MutationScore, "toString">): string {
  const lines = [`${subject}: ${killed} of ${total} errors noticed (${(100 * score).toFixed(1)} %)`];
  if (survivors.length > 0) lines.push("", survivorsText(survivors));
  if (equivalent.length > 0) {
    const rows = equivalent.map(({ kind, sentence, reason }) => [kind, sentence, reason]);
    lines.push("", table(["not an error", "the backward", "because"], rows));
  }
  return lines.join("\n");
}

/** The errors that pass, by what would notice them; empty where there is none. */
export function survivorsText(survivors: readonly Survivor[]): string {
  const remedies = [...new Set(survivors.map(({ remedy }) => remedy))];
  return remedies
    .flatMap((remedy) => [
      `To notice these, ${remedy}:`,
      ...survivors
        .filter((survivor) => survivor.remedy === remedy)
        .map(({ sentence }) => `  the backward ${sentence}`),
    ])
    .join("\n");
}
