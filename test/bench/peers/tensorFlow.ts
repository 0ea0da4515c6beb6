/** TensorFlow.js. Tensors are disposed of by hand, as its users have to: what `tidy` returns, `run` frees. */
import { ADAM_EPS, hiddenLayers, MEAN_DECAY, NORM_EPS, SQUARE_DECAY } from "../networks.ts";
import type { InputArray, Inputs } from "../running/inputs.ts";
import {
  type Prepared,
  preparedNorm,
  preparedTraining,
  type System,
  type Trainer,
  Unsupported,
} from "../running/prepared.ts";
import { loadPeer, versionOf } from "./installed.ts";

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

interface Adam {
  minimize(loss: () => Tensor, returnCost: true, variables: readonly Tensor[]): Tensor;
  getWeights(): Promise<readonly { readonly tensor: Tensor }[]>;
}

/** What of it is used here. */
interface TensorFlow {
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  tensor1d(values: Int32Array, dtype: "int32"): Tensor;
  variable(start: Tensor): Tensor;
  oneHot(labels: Tensor, depth: number): Tensor;
  cast(x: Tensor, dtype: "float32"): Tensor;
  add(a: Tensor, b: Tensor | number): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor): Tensor;
  div(a: Tensor, b: Tensor): Tensor;
  mean(x: Tensor, axis: number): Tensor;
  square(x: Tensor): Tensor;
  sqrt(x: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  moments(x: Tensor, axis: number): { readonly mean: Tensor; readonly variance: Tensor };
  batchNorm(x: Tensor, mean: Tensor, variance: Tensor, beta: Tensor, gamma: Tensor, eps: number): Tensor;
  grads(f: (x: Tensor, gamma: Tensor, beta: Tensor) => Tensor): (x: Tensor[], dy: Tensor) => Tensor[];
  tidy<T>(f: () => T): T;
  setBackend(name: string): Promise<boolean>;
  readonly losses: { softmaxCrossEntropy(oneHot: Tensor, logits: Tensor): Tensor };
  readonly train: { adam(rate: number, meanDecay: number, squareDecay: number, eps: number): Adam };
}

export async function tensorFlow(backend: "cpu" | "wasm"): Promise<System> {
  const tf = loadPeer("@tensorflow/tfjs");
  if (!isTensorFlow(tf)) throw new Error("@tensorflow/tfjs has not the functions that are used here");
  if (backend === "wasm") loadPeer("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
  return {
    versions: { "@tensorflow/tfjs": versionOf("@tensorflow/tfjs") },
    isAsync: false,
    prepare: (inputs) => prepared(tf, inputs),
  };
}

const USED = [
  "tensor",
  "tensor1d",
  "variable",
  "oneHot",
  "cast",
  "add",
  "sub",
  "mul",
  "div",
  "mean",
  "square",
  "sqrt",
];
const USED_TOO = ["relu", "matMul", "moments", "batchNorm", "grads", "tidy", "setBackend"];

function isTensorFlow(module: unknown): module is TensorFlow {
  if (typeof module !== "object" || module === null) return false;
  return [...USED, ...USED_TOO].every((name) => typeof Reflect.get(module, name) === "function");
}

function prepared(tf: TensorFlow, inputs: Inputs): Prepared {
  if (inputs.dtype === "float64") throw new Unsupported("TensorFlow.js has no float64");
  const { workload } = inputs;
  const isFused = workload === "W2" || workload === "W3f" || workload === "W4f";
  const norm = isFused ? fused(tf) : composed(tf);
  if (workload === "W1" || workload === "W2") return normOf(tf, inputs, norm);
  const names = inputs.arrays.slice(1).map(({ name }) => name);
  return preparedTraining(names, (rate) => trainer(tf, inputs, norm, rate));
}

type Norm = (x: Tensor, gamma: Tensor, beta: Tensor) => Tensor;

function composed(tf: TensorFlow): Norm {
  return (x, gamma, beta) => {
    const centred = tf.sub(x, tf.mean(x, 0));
    const sigma = tf.sqrt(tf.add(tf.mean(tf.square(centred), 0), NORM_EPS));
    return tf.add(tf.mul(gamma, tf.div(centred, sigma)), beta);
  };
}

/** Its own op normalises with statistics that it is given: those are computed, and differentiated, apart. */
function fused(tf: TensorFlow): Norm {
  return (x, gamma, beta) => {
    const { mean, variance } = tf.moments(x, 0);
    return tf.batchNorm(x, mean, variance, beta, gamma, NORM_EPS);
  };
}

function normOf(tf: TensorFlow, { arrays }: Inputs, norm: Norm): Prepared {
  const [x, gamma, beta, dy] = arrays.map((array) => tensorOf(tf, array)) as [Tensor, Tensor, Tensor, Tensor];
  const backward = tf.grads(norm);
  return preparedNorm(
    () => tf.tidy(() => backward([x, gamma, beta], dy)),
    (found) => found.map((t) => t.dataSync()),
    (found) => {
      for (const t of found) t.dispose();
    },
  );
}

function trainer(tf: TensorFlow, { arrays, labels }: Inputs, norm: Norm, rate: number): Trainer {
  const [x, ...params] = arrays.map((array) => tensorOf(tf, array)) as [Tensor, ...Tensor[]];
  const variables = params.map((t) => tf.variable(t));
  const classes = arrays.at(-1)!.shape[0]!;
  const oneHot = tf.cast(tf.oneHot(tf.tensor1d(labels!, "int32"), classes), "float32");
  const depth = hiddenLayers(variables.length);
  const loss = (): Tensor => {
    let h = x;
    for (let k = 0; k < depth; k++) {
      const [W, b, gamma, beta] = variables.slice(4 * k) as [Tensor, Tensor, Tensor, Tensor];
      h = tf.relu(norm(tf.add(tf.matMul(h, W), b), gamma, beta));
    }
    const scores = tf.add(tf.matMul(h, variables.at(-2)!), variables.at(-1)!);
    return tf.losses.softmaxCrossEntropy(oneHot, scores);
  };
  const adam = tf.train.adam(rate, MEAN_DECAY, SQUARE_DECAY, ADAM_EPS);
  let last = Number.NaN;
  return {
    step() {
      const cost = adam.minimize(loss, true, variables);
      last = cost.dataSync()[0]!;
      cost.dispose();
    },
    loss: () => last,
    // The count of steps, then the means, then the mean squares.
    means: async () =>
      (await adam.getWeights()).slice(1, 1 + variables.length).map(({ tensor }) => tensor.dataSync().slice()),
  };
}

function tensorOf(tf: TensorFlow, { values, shape }: InputArray): Tensor {
  return tf.tensor(Float32Array.from(values), shape);
}
