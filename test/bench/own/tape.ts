/** Our own side: the same functions eager and compiled. */

import { crossEntropy, mean, relu } from "../../../ops/index.ts";
import { batchNorm, fromData, fusedBatchNorm, type Tensor, valueAndGrad, vjp } from "../../../src/index.ts";
import { affine } from "../../../src/nn/index.ts";
import { type AdamState, adam } from "../../../src/optim/index.ts";
import { ADAM_EPS, hiddenLayers, MEAN_DECAY, NORM_EPS, SQUARE_DECAY } from "../networks.ts";
import type { InputArray, Inputs } from "../running/inputs.ts";
import { type Prepared, preparedNorm, preparedTraining, type Trainer } from "../running/prepared.ts";
import { type Compile, canDonate } from "./compile.ts";

/** @param compile null for define-by-run: the tape is written anew each time */
export function preparedTape(inputs: Inputs, compile: Compile | null): Prepared {
  const { workload } = inputs;
  if (workload === "W1" || workload === "W2") {
    return normOf(inputs, workload === "W1" ? composedNorm : fusedNorm, compile);
  }
  const norm = workload === "W3" || workload === "W4" ? composedNorm : fusedNorm;
  const parameters = inputs.arrays.slice(1);
  const names = parameters.map(({ name }) => name);
  return preparedTraining(names, (rate) => trainerOf(inputs, parameters, norm, rate, compile));
}

type Norm = (x: Tensor, gamma: Tensor, beta: Tensor) => Tensor;

const composedNorm: Norm = (x, gamma, beta) => batchNorm(x, gamma, beta, { eps: NORM_EPS });
const fusedNorm: Norm = (x, gamma, beta) => fusedBatchNorm(x, gamma, beta, { eps: NORM_EPS });

function normOf({ arrays, dtype }: Inputs, norm: Norm, compile: Compile | null): Prepared {
  const tensors = arrays.map((array) => tensorOf(array, dtype));
  const [x, gamma, beta, dy] = tensors as [Tensor, Tensor, Tensor, Tensor];
  const backward = (x: Tensor, gamma: Tensor, beta: Tensor, dy: Tensor): readonly Tensor[] =>
    vjp(norm, x, gamma, beta)[1](dy);
  const run = compile === null ? backward : compile(backward);
  return preparedNorm(
    () => run(x, gamma, beta, dy).map(({ data }) => data),
    (data) => data,
    () => undefined,
  );
}

interface State {
  readonly params: Tensor[];
  readonly moments: AdamState;
  readonly loss: Tensor;
}

function trainerOf(
  { arrays, dtype, labels }: Inputs,
  parameters: readonly InputArray[],
  norm: Norm,
  learningRate: number,
  compile: Compile | null,
): Trainer {
  const optimizer = adam({ learningRate, meanDecay: MEAN_DECAY, squareDecay: SQUARE_DECAY, eps: ADAM_EPS });
  const step = (params: Tensor[], moments: AdamState, x: Tensor, oneHot: Tensor): State => {
    const lossOf = (params: Tensor[]): Tensor => mean(crossEntropy(scoresOf(params, x, norm), oneHot));
    const [loss, [grads]] = valueAndGrad(lossOf)(params);
    const next = optimizer.update(params, grads, moments);
    return { params: next.params, moments: next.state, loss };
  };
  // A step takes over the parameters and moments before it.
  const take = compile === null ? step : compile(step, canDonate ? { donate: [0, 1] } : {});
  const x = tensorOf(arrays[0]!, dtype);
  const classes = tensorOf(oneHotOf(labels!, arrays.at(-1)!.shape[0]!, dtype), dtype);
  // Copied: they are taken over.
  const start = parameters.map((array) => tensorOf({ ...array, values: array.values.slice() }, dtype));
  let state: State = { params: start, moments: optimizer.init(start), loss: x };
  return {
    step() {
      state = take(state.params, state.moments, x, classes);
      return state.loss.item();
    },
    loss: () => state.loss.item(),
    means: () => [...Object.values<Tensor>(state.moments.mean as Record<string, Tensor>)].map((m) => m.data),
  };
}

function scoresOf(params: readonly Tensor[], x: Tensor, norm: Norm): Tensor {
  const depth = hiddenLayers(params.length);
  let h = x;
  for (let k = 0; k < depth; k++) {
    const [W, b, gamma, beta] = params.slice(4 * k) as [Tensor, Tensor, Tensor, Tensor];
    h = relu(norm(affine(h, W, b), gamma, beta));
  }
  return affine(h, params.at(-2)!, params.at(-1)!);
}

/** Distributions: labels that are integers are looked at before they are used, which a compiled step cannot do. */
function oneHotOf(labels: Int32Array, classes: number, dtype: Inputs["dtype"]): InputArray {
  const size = labels.length * classes;
  const values = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
  labels.forEach((label, row) => {
    values[row * classes + label] = 1;
  });
  return { name: "labels", shape: [labels.length, classes], values };
}

function tensorOf({ shape, values }: InputArray, dtype: Inputs["dtype"]): Tensor {
  return fromData(shape, dtype, values);
}
