import { take } from "../../ops/index.ts";
import type { Model, Standing, Step } from "../nn/model.ts";
import { choose, type RandomState } from "../random/source.ts";
import type { Tree } from "../tree.ts";
import { accuracyOf } from "./accuracy.ts";
import type { TrainingData } from "./data.ts";
import { CheckpointError, DivergenceError } from "./errors.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";
import { blamed, notFinite } from "./finite.ts";
import type { LoopOptions } from "./options.ts";
import { drawForAccuracy, fastForward, type Plan, planOf } from "./plan.ts";
import type { Best, TrainingResult, TrainingStep } from "./result.ts";
import { restored, type Snapshot } from "./snapshot.ts";
import type { Training } from "./training.ts";
import { wordsOf } from "./wordsOf.ts";

/** A run under way: the few things that change from step to step, each an immutable value, and the histories. */
export class Run<P extends Tree, S, O extends Tree> implements Training<P, S> {
  readonly #model: Model<P, S>;
  readonly #data: TrainingData;
  readonly #options: LoopOptions<O>;
  readonly #plan: Plan;
  /** Where the source stood before the first step. */
  readonly #start: RandomState;
  #fingerprint: Fingerprint | null = null;
  #at: Standing<P, S>;
  /** Where the last loss that was finite is from. */
  #sound: Standing<P, S>;
  #optimizerState: O;
  #best: Best<P, S>;
  #iteration = 0;
  #lossHistory: number[] = [];
  #trainAccuracyHistory: number[] = [];
  #valAccuracyHistory: number[] = [];
  #divergence: DivergenceError | null = null;

  constructor(model: Model<P, S>, data: TrainingData, options: LoopOptions<O>) {
    const { params, state } = model;
    this.#model = model;
    this.#data = data;
    this.#options = options;
    this.#plan = planOf(data, options);
    this.#start = options.random.state();
    this.#at = { params, state };
    this.#sound = this.#at;
    this.#optimizerState = options.optimizer.init(params);
    this.#best = { params, state, accuracy: Number.NaN, iteration: 0 };
  }

  get at(): Standing<P, S> {
    return this.#at;
  }

  get iteration(): number {
    return this.#iteration;
  }

  get iterations(): number {
    return this.#plan.iterations;
  }

  get perEpoch(): number {
    return this.#plan.perEpoch;
  }

  *[Symbol.iterator](): Iterator<TrainingStep> {
    for (let step = this.step(); step !== null; step = this.step()) yield step;
  }

  step(): TrainingStep | null {
    if (this.#divergence !== null) throw this.#divergence;
    if (this.#iteration >= this.#plan.iterations) return null;
    const loss = this.#move();
    const { log, logEvery, epochs } = this.#options;
    const { iterations } = this.#plan;
    const iteration = this.#iteration;
    const epoch = this.#plan.epochsAfter(iteration);
    if ((iteration - 1) % logEvery === 0)
      log(`(Iteration ${iteration} / ${iterations}) loss: ${loss.toFixed(6)}`);
    const accuracy = this.#plan.isMeasured(iteration) ? this.#measure() : null;
    if (accuracy !== null) {
      const { train, val } = accuracy;
      log(`(Epoch ${epoch} / ${epochs}) train acc: ${train.toFixed(6)}; val_acc: ${val.toFixed(6)}`);
    }
    return { iteration, iterations, epoch, epochs, loss, accuracy };
  }

  /** One step: draw, look, update. Nothing has changed if it throws, but the source. */
  #move(): number {
    const { optimizer, random, batchSize } = this.#options;
    const { trainX, trainY } = this.#data;
    const rows = choose(random, trainX.shape[0]!, batchSize);
    const [x, y] = [take(trainX, rows, 0), take(trainY, rows, 0)];
    const look = (): Step<P, S> => this.#model.loss(this.#at, x, y);
    const { loss, grads, state } = look();
    if (!Number.isFinite(loss)) throw this.#diverged("the loss", String(loss), blamed(look));
    const wrong = notFinite("the gradients", grads);
    if (wrong !== null) throw this.#diverged("the gradients", wrong, blamed(look));
    this.#sound = this.#at;
    const factor = this.#plan.factorAfter(this.#iteration);
    const updated = optimizer.update(this.#at.params, grads, this.#optimizerState, { factor });
    this.#lossHistory.push(loss);
    const lost = notFinite("the parameters", updated.params);
    if (lost !== null) throw this.#diverged("the new parameters", lost, null);
    this.#at = { params: updated.params, state };
    this.#optimizerState = updated.state;
    this.#iteration++;
    return loss;
  }

  #measure(): NonNullable<TrainingStep["accuracy"]> {
    const { trainX, trainY, valX, valY } = this.#data;
    const rows = drawForAccuracy(trainX.shape[0]!, this.#options);
    const [x, y] = rows === null ? [trainX, trainY] : [take(trainX, rows, 0), take(trainY, rows, 0)];
    const train = accuracyOf(this.#model, this.#at, x, y);
    const val = accuracyOf(this.#model, this.#at, valX, valY);
    this.#trainAccuracyHistory.push(train);
    this.#valAccuracyHistory.push(val);
    // Not `>`: the first is better than NaN.
    if (!(val <= this.#best.accuracy))
      this.#best = { ...this.#at, accuracy: val, iteration: this.#iteration };
    return { train, val };
  }

  #diverged(what: string, received: string, cause: unknown): DivergenceError {
    const result = this.#resultAs("diverged", this.#sound);
    this.#divergence = new DivergenceError(what, received, result, this.#iteration + 1, cause);
    return this.#divergence;
  }

  result(): TrainingResult<P, S> {
    if (this.#divergence !== null) return this.#resultAs("diverged", this.#sound);
    return this.#resultAs(this.#iteration === this.#plan.iterations ? "finished" : "stopped", this.#at);
  }

  #resultAs(ended: TrainingResult<P, S>["ended"], last: Standing<P, S>): TrainingResult<P, S> {
    return Object.freeze({
      ended,
      iterations: this.#iteration,
      epochs: this.#plan.epochsAfter(this.#iteration),
      ...this.#histories(),
      best: Object.freeze({ ...this.#best }),
      last: Object.freeze({ ...last }),
    });
  }

  #histories(): Pick<Snapshot, "lossHistory" | "trainAccuracyHistory" | "valAccuracyHistory"> {
    return {
      lossHistory: Object.freeze([...this.#lossHistory]),
      trainAccuracyHistory: Object.freeze([...this.#trainAccuracyHistory]),
      valAccuracyHistory: Object.freeze([...this.#valAccuracyHistory]),
    };
  }

  snapshot(): Snapshot {
    return Object.freeze({
      iteration: this.#iteration,
      ...this.#at,
      optimizer: this.#optimizerState,
      best: this.#best,
      ...this.#histories(),
      random: this.#options.random.state(),
      run: this.#identity(),
    });
  }

  #identity(): Fingerprint {
    this.#fingerprint ??= fingerprintOf(this.#model, this.#data, this.#options, this.#start);
    return this.#fingerprint;
  }

  /** Go to where a snapshot was taken. */
  restore(snapshot: Snapshot, file: string | null): void {
    const begun = { ...this.#at, optimizer: this.#optimizerState };
    const { params, state, optimizer, best } = restored(snapshot, this.#identity(), begun, file);
    const { iteration, lossHistory, trainAccuracyHistory, valAccuracyHistory } = snapshot;
    if (iteration > this.#plan.iterations) {
      const received = `${iteration} steps taken`;
      throw new CheckpointError(
        `at most ${this.#plan.iterations} steps`,
        received,
        { file },
        "give more epochs",
      );
    }
    const { random } = this.#options;
    fastForward(random, this.#plan, this.#data.trainX.shape[0]!, iteration, this.#options);
    if (String(wordsOf(random.state())) !== String(wordsOf(snapshot.random))) {
      const expected = "the random source to stand where the steps have moved it";
      throw new CheckpointError(
        expected,
        "another place",
        { file },
        "nobody else may draw from it while training",
      );
    }
    this.#at = { params, state };
    this.#sound = this.#at;
    this.#optimizerState = optimizer;
    this.#best = best;
    this.#iteration = iteration;
    this.#lossHistory = [...lossHistory];
    this.#trainAccuracyHistory = [...trainAccuracyHistory];
    this.#valAccuracyHistory = [...valAccuracyHistory];
  }
}
