import type { Tensor } from "../../graph/index.ts";
import { differences, packed } from "../io/tree.ts";
import type { Standing } from "../nn/model.ts";
import type { RandomState } from "../random/source.ts";
import type { Tree } from "../tree.ts";
import { CheckpointError } from "./errors.ts";
import { type Fingerprint, mismatches } from "./fingerprint.ts";
import type { Best } from "./result.ts";

/** All that training needs to go on, bit for bit, from between two steps: tensors and plain data, never changed. */
export interface Snapshot {
  /** Steps taken. */
  readonly iteration: number;
  readonly params: Tree;
  readonly state: unknown;
  /** The optimiser's state. */
  readonly optimizer: Tree;
  readonly best: Best<Tree, unknown>;
  readonly lossHistory: readonly number[];
  readonly trainAccuracyHistory: readonly number[];
  readonly valAccuracyHistory: readonly number[];
  /** Where the random source stands. */
  readonly random: RandomState;
  readonly run: Fingerprint;
}

/**
 * What was read from somewhere, once it is known to be a snapshot.
 *
 * @throws CheckpointError naming the field that is missing, or of another kind
 */
export function checkedSnapshot(value: unknown, file: string | null): Snapshot {
  const { iteration, ...fields } = recordOf(value, "a snapshot", file);
  if (!Number.isSafeInteger(iteration) || (iteration as number) < 0)
    throw bad("iteration to be an integer >= 0", file);
  for (const name of ["lossHistory", "trainAccuracyHistory", "valAccuracyHistory"]) {
    if (!isNumbers(fields[name])) throw bad(`${name} to be an array of numbers`, file);
  }
  if ((fields["lossHistory"] as readonly number[]).length !== iteration) throw bad("one loss a step", file);
  for (const name of ["params", "optimizer", "random"]) recordOf(fields[name], name, file);
  if (!("state" in fields)) throw bad("a state", file);
  const best = recordOf(fields["best"], "best", file);
  const isBest = typeof best["accuracy"] === "number" && Number.isSafeInteger(best["iteration"]);
  if (!isBest || !("params" in best) || !("state" in best))
    throw bad("best to be a standing with its accuracy", file);
  const run = recordOf(fields["run"], "run", file);
  for (const name of ["exact", "near"]) recordOf(run[name], `run.${name}`, file);
  return value as Snapshot;
}

function recordOf(value: unknown, what: string, file: string | null): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return { ...value };
  throw bad(`${what} to be an object`, file);
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}

function bad(expected: string, file: string | null): CheckpointError {
  return new CheckpointError(expected, "something else", { file });
}

/** What a run has to begin with, before any step. */
export interface Beginning<P extends Tree, S, O extends Tree> extends Standing<P, S> {
  readonly optimizer: O;
}

/**
 * What a snapshot holds, once it is known to be of this run.
 *
 * @param from where it came from, for the error
 * @throws CheckpointError listing what differs: settings, data, seed, or tensors that are missing, unknown, or of
 *   another shape or dtype
 */
export function restored<P extends Tree, S, O extends Tree>(
  snapshot: Snapshot,
  here: Fingerprint,
  like: Beginning<P, S, O>,
  from: string | null,
): Beginning<P, S, O> & { readonly best: Best<P, S> } {
  const { params, state, optimizer, best } = checkedSnapshot(snapshot, from);
  const unlike = [
    ...differences(tensorsOf({ params, state, optimizer }), tensorsOf(like)),
    ...differences(tensorsOf(best), tensorsOf({ params: like.params, state: like.state })),
  ];
  const all = [...new Set(unlike), ...mismatches(snapshot.run, here, unlike.length === 0)];
  if (all.length > 0) {
    const remedy = "go on with what it was begun with, or begin anew elsewhere";
    throw new CheckpointError("the run that was saved", `another: ${all.join("; ")}`, { file: from }, remedy);
  }
  // Of the right tensors in the right places: the plain data between them are the model's and the optimiser's own.
  return {
    params: params as P,
    state: state as S,
    optimizer: optimizer as O,
    best: { ...best, params: best.params as P, state: best.state as S },
  };
}

function tensorsOf(tree: object): Readonly<Record<string, Tensor>> {
  const { params, state, optimizer } = tree as Readonly<Record<string, unknown>>;
  return packed("checkpoint", "", { params, state, ...(optimizer === undefined ? {} : { optimizer }) })
    .tensors;
}
