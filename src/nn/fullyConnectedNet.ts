import { asTensor, ShapeError, sizeOf, type Tensor } from "../../graph/index.ts";
import { add, cast, mul, type Statistics, square, sum } from "../../ops/index.ts";
import { vjp } from "../transforms/derivatives.ts";
import { evaluation, forward, training } from "./fullyConnectedForward.ts";
import { type FullyConnectedOptions, type Settings, settingsOf } from "./fullyConnectedOptions.ts";
import {
  type FullyConnectedParams,
  type FullyConnectedState,
  initialParams,
  initialState,
  runningOf,
  sourceOf,
} from "./fullyConnectedStart.ts";
import { checkedLabels } from "./labels.ts";
import { makeModel } from "./makeModel.ts";
import type { Model, Standing, Step } from "./model.ts";
import { softmaxLoss } from "./softmaxLoss.ts";
import { foldStatistics } from "./statistics.ts";

type At = Standing<FullyConnectedParams, FullyConnectedState>;

/** The weight of the old statistics, and the variance that is folded: CS231n's. */
const FOLDING = { decay: 0.9, correction: 0 } as const;

/**
 * CS231n's FullyConnectedNet: {affine - [norm] - relu - [dropout]} × (L - 1) - affine - softmax, as a {@link Model}.
 *
 *     const net = fullyConnectedNet({ hiddenDims: [100, 100], normalization: "batchnorm", random: 231 });
 *     const { loss, grads, state } = net.loss(net, x, labels);   // training: a step's worth
 *     const scores = net.loss({ params, state }, x);             // evaluation
 *
 * Weights are weightScale · randn, drawn in order; biases and betas 0, gammas 1. Batch norm folds its statistics with
 * decay 0.9 (biased variance, from zeros). Examples, [N, d1, ..., dk] with d1 · ... · dk = inputDim, are cast to the
 * network's dtype; labels are int32 of [N].
 *
 * @throws ArgumentError, DTypeError naming the option that is wrong
 */
export function fullyConnectedNet(
  options: FullyConnectedOptions,
): Model<FullyConnectedParams, FullyConnectedState> {
  return netOf("fullyConnectedNet", settingsOf("fullyConnectedNet", options));
}

/** The network of these settings, for whoever has another name. */
export function netOf(op: string, settings: Settings): Model<FullyConnectedParams, FullyConnectedState> {
  const { hiddenDims, numClasses, reg } = settings;
  const start = { params: initialParams(settings), state: initialState(settings) };

  function scores(at: At, x: Tensor): Tensor {
    return forward(op, at.params, examplesOf(op, x, settings), settings, evaluation(op, at.state, settings));
  }

  function step(at: At, x: Tensor, labels: Tensor): Step<FullyConnectedParams, FullyConnectedState> {
    const rows = examplesOf(op, x, settings);
    const classes = checkedLabels(op, labels, rows.shape[0]!, numClasses);
    const before = runningOf(op, at.state, settings);
    const source = sourceOf(at.state, settings);
    const [{ loss, statistics }, pullback] = vjp((params: FullyConnectedParams): Lossy => {
      const found: Statistics[] = [];
      const z = forward(op, params, rows, settings, training(settings, source, found));
      return {
        loss: penalised(softmaxLoss(z, classes), params, reg, hiddenDims.length + 1),
        statistics: found,
      };
    }, at.params);
    const [grads] = pullback({ loss: 1, statistics: null });
    const count = rows.shape[0]!;
    const state = {
      statistics: before.map((running, k) =>
        foldStatistics(running, { ...(statistics ?? [])[k]!, count }, FOLDING),
      ),
      dropout: settings.dropoutSeeding === "eachPass" ? at.state.dropout : (source?.state() ?? null),
    };
    return { loss: loss.item(), grads, state };
  }

  return makeModel(op, start, scores, step);
}

/** What the tape is asked for; no cotangent flows through the statistics. */
interface Lossy {
  readonly loss: Tensor;
  readonly statistics: readonly Statistics[] | null;
}

/** The loss with 0.5 reg Σ W², over the weights alone. */
function penalised(loss: Tensor, params: FullyConnectedParams, reg: number, layers: number): Tensor {
  let total = loss;
  if (reg !== 0) {
    for (let k = 1; k <= layers; k++) total = add(total, mul(0.5 * reg, sum(square(params[`W${k}`]!))));
  }
  return total;
}

/** @throws ShapeError unless they are examples of inputDim numbers, one at least */
function examplesOf(op: string, x: Tensor, { inputDim, dtype }: Settings): Tensor {
  const t = asTensor(op, x, dtype, "x");
  const size = sizeOf(t.shape.slice(1));
  if (t.rank < 2 || t.shape[0] === 0 || size !== inputDim) {
    throw new ShapeError(
      op,
      `x of shape [N, d1, ..., dk], N >= 1, d1 · ... · dk = ${inputDim}`,
      `[${t.shape}]`,
    );
  }
  return cast(t, dtype);
}
