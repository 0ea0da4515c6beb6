import { ArgumentError, describe } from "../../../graph/index.ts";
import { checkedFlag, checkedFunction, checkedOptions } from "../../../graph/options.ts";
import type { Model } from "../../nn/model.ts";
import type { Tree } from "../../tree.ts";
import type { TrainingData } from "../data.ts";
import type { TrainingResult } from "../result.ts";
import { checkSignal, TRAIN_NAMES, type TrainOptions, train } from "../train.ts";
import { checkpointFolder } from "./checkpointFolder.ts";
import { progressBar } from "./progressBar.ts";
import { exitCodeOf, type Listening, stopOnSignals } from "./stopOnSignals.ts";

export interface FolderOptions<O extends Tree = Tree> extends Omit<TrainOptions<O>, "checkpoints"> {
  /** Whether a terminal shows a progress bar (with `cli-progress`, where it is installed); true unless said otherwise. */
  readonly bar?: boolean;
  /** Gets what there is to say of resuming and stopping, in lines; without it they go to standard error. */
  readonly say?: (line: string) => void;
}

const NAMES: readonly (keyof FolderOptions)[] = [
  ...TRAIN_NAMES.filter((name) => name !== "checkpoints"),
  "bar",
  "say",
];

/**
 * Train in a terminal, so that nothing is lost: {@link train} with checkpoints in that folder, and a progress bar.
 *
 * Ctrl-C (SIGINT, and SIGTERM) stops after the running step, saves, says where, and sets the process's exit code to
 * that of a process that the signal ended; a second one ends at once. Calling it again with the same folder goes on, and
 * comes to what it would have come to without the interruption, bit for bit. A run that is finished gives its result.
 *
 * @throws as {@link train} does
 */
export async function trainInFolder<P extends Tree, S, O extends Tree>(
  folder: string,
  model: Model<P, S>,
  data: TrainingData,
  options: FolderOptions<O>,
): Promise<TrainingResult<P, S>> {
  if (typeof folder !== "string" || folder === "") {
    throw new ArgumentError("trainInFolder", "the name of a folder", describe(folder));
  }
  const given = checkedOptions("trainInFolder", options, NAMES);
  const {
    bar: isShown,
    say = (line) => void process.stderr.write(`${line}\n`),
    onStep,
    signal,
    ...rest
  } = given;
  checkedFunction("trainInFolder", "say", say);
  checkSignal("trainInFolder", signal);
  if (onStep !== undefined) checkedFunction("trainInFolder", "onStep", onStep);
  const bar = checkedFlag("trainInFolder", "bar", isShown, true) ? await progressBar() : null;
  const kept = checkpointFolder(folder, { warn: say });
  const listening = stopOnSignals((name) => {
    bar?.end();
    say(`${name}: stopping after this step; once more ends at once`);
  });
  try {
    const result = await train(model, data, {
      ...rest,
      signal: signal === undefined ? listening.signal : AbortSignal.any([signal, listening.signal]),
      checkpoints: {
        ...kept,
        async load() {
          const snapshot = await kept.load();
          if (snapshot !== null) say(`${folder}: going on after step ${snapshot.iteration}`);
          return snapshot;
        },
      },
      async onStep(step) {
        if (listening.received() === null) bar?.show(step);
        await onStep?.(step);
      },
    });
    bar?.end();
    tell(result, folder, listening, say);
    return result;
  } finally {
    bar?.end();
    listening.end();
  }
}

function tell(
  { ended, iterations }: TrainingResult<Tree, unknown>,
  folder: string,
  listening: Listening,
  say: (line: string) => void,
): void {
  if (ended !== "stopped") return;
  const name = listening.received();
  say(
    `stopped${name === null ? "" : ` by ${name}`} after step ${iterations}; saved in ${folder}: run it again to go on`,
  );
  if (name !== null) process.exitCode ??= exitCodeOf(name);
}
