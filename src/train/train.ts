import { ArgumentError, describe } from "../../graph/index.ts";
import { checkedFunction, checkedInteger, checkedOptions } from "../../graph/options.ts";
import type { Model } from "../nn/model.ts";
import type { Tree } from "../tree.ts";
import type { TrainingData } from "./data.ts";
import { LOOP_NAMES, type TrainingOptions } from "./options.ts";
import type { TrainingResult, TrainingStep } from "./result.ts";
import type { Snapshot } from "./snapshot.ts";
import { trainingFrom } from "./training.ts";

/** Somewhere to keep snapshots: a folder (`checkpointFolder` of `wengert/train/node`), or what a page has. */
export interface Checkpoints {
  /** Where that is, for messages. */
  readonly where: string;
  /** The last that was saved; null where there is none. */
  load(): Promise<Snapshot | null>;
  save(snapshot: Snapshot): Promise<void>;
}

export interface TrainOptions<O extends Tree = Tree> extends TrainingOptions<O> {
  /** Once it is aborted, training stops after the running step. The result says so; nothing is thrown. */
  readonly signal?: AbortSignal;
  /** Called after every step, and waited for. */
  readonly onStep?: (step: TrainingStep) => void | Promise<void>;
  /** Where to go on from, if anything is there, and where to save. */
  readonly checkpoints?: Checkpoints;
  /** Steps between two checkpoints; an epoch's unless said otherwise. The end is saved in any case. */
  readonly every?: number;
}

export const TRAIN_NAMES: readonly (keyof TrainOptions)[] = Object.freeze([
  ...LOOP_NAMES,
  "signal",
  "onStep",
  "checkpoints",
  "every",
] as const);

/**
 * Train a model by the course's conventions (see {@link training}), and give back the parameters of the best validation
 * accuracy, those of the end, and the histories.
 *
 * It lets other things happen about sixty times a second, so that a page stays alive and signals arrive. With
 * `checkpoints` it goes on from the last one, and what comes out is, bit for bit, what would have come out without the
 * interruption.
 *
 * @throws ArgumentError, ShapeError, DTypeError for what is no model, data or options, before anything is computed
 * @throws DivergenceError where loss, gradients or parameters are not finite: it has the result up to then
 * @throws CheckpointError where what was saved is damaged, or of another run
 */
export async function train<P extends Tree, S, O extends Tree>(
  model: Model<P, S>,
  data: TrainingData,
  options: TrainOptions<O>,
): Promise<TrainingResult<P, S>> {
  const { signal, onStep, checkpoints, every, ...loop } = checkedOptions("train", options, TRAIN_NAMES);
  checkSignal("train", signal);
  if (onStep !== undefined) checkedFunction("train", "onStep", onStep);
  if (every !== undefined) checkedInteger("train", "every", every, 1);
  if (checkpoints === undefined && every !== undefined) {
    throw new ArgumentError("train", "checkpoints to go with every", "none");
  }
  if (checkpoints !== undefined) assertCheckpoints(checkpoints);
  // Looked at before a file is.
  const fresh = trainingFrom(model, data, loop, null, null);
  const saved = (await checkpoints?.load()) ?? null;
  const run = saved === null ? fresh : trainingFrom(model, data, loop, saved, checkpoints?.where ?? null);
  const interval = every ?? run.perEpoch;
  let savedAt = saved?.iteration ?? -1;
  const save = async (): Promise<void> => {
    if (checkpoints === undefined || run.iteration === savedAt) return;
    await checkpoints.save(run.snapshot());
    savedAt = run.iteration;
  };
  // Whether it can be written at all is better known now than after an hour.
  if (saved === null) await save();
  let breath = performance.now();
  while (signal?.aborted !== true) {
    const step = run.step();
    if (step === null) break;
    if (step.iteration % interval === 0) await save();
    if (onStep !== undefined) await onStep(step);
    if (performance.now() - breath < FRAME) continue;
    await turn();
    breath = performance.now();
  }
  await save();
  return run.result();
}

/** @throws ArgumentError for anything but an AbortSignal, or none */
export function checkSignal(op: string, signal: AbortSignal | undefined): void {
  if (signal === undefined || typeof signal?.aborted === "boolean") return;
  throw new ArgumentError(op, "signal to be an AbortSignal", describe(signal));
}

function assertCheckpoints(checkpoints: Checkpoints): void {
  for (const name of ["load", "save"] as const) {
    checkedFunction("train", `checkpoints.${name}`, checkpoints?.[name]);
  }
}

/** Milliseconds between two frames. */
const FRAME = 16;

/** Until everything else that waits has had its turn. Awaiting alone would let no signal, timer or frame in. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
