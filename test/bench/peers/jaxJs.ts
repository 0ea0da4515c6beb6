/**
 * jax-js. A function takes over its arguments: `x.ref` keeps x for later. Results come about when they are asked for,
 * so every run waits until they are there.
 */
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

interface Arr {
  readonly ref: Arr;
  reshape(shape: readonly number[]): Arr;
  add(other: Arr | number): Arr;
  sub(other: Arr): Arr;
  mul(other: Arr | number): Arr;
  div(other: Arr | number): Arr;
  /** Consumes the array. */
  dataSync(): Float32Array | Float64Array | Int32Array;
  dispose(): void;
}

type Loss = (params: Arr[], x: Arr, oneHot: Arr) => Arr;

/** What of it is used here. */
interface JaxJs {
  readonly numpy: {
    array(values: Float32Array | Float64Array, options?: { readonly dtype: string }): Arr;
    zerosLike(x: Arr): Arr;
    sum(x: Arr, axis?: number): Arr;
    square(x: Arr): Arr;
    sqrt(x: Arr): Arr;
    negative(x: Arr): Arr;
    matmul(a: Arr, b: Arr): Arr;
  };
  readonly nn: { relu(x: Arr): Arr; logSoftmax(x: Arr, axis: number): Arr };
  vjp(f: Norm, x: readonly Arr[]): [Arr, ((dy: Arr) => Arr[]) & { dispose(): void }];
  valueAndGrad(f: Loss): (params: Arr[], x: Arr, oneHot: Arr) => [Arr, Arr[]];
  jit<A extends readonly unknown[], R>(f: (...args: A) => R): (...args: A) => R;
  blockUntilReady<T>(tree: T): Promise<T>;
  init(device: "wasm"): Promise<unknown>;
}

type Norm = (x: Arr, gamma: Arr, beta: Arr) => Arr;

export async function jaxJs(isCompiled: boolean): Promise<System> {
  const jax = loadPeer("@jax-js/jax");
  if (!isJaxJs(jax)) throw new Error("@jax-js/jax has not the functions that are used here");
  // It asks of data whether they are a Float16Array, which older versions of Node do not have: none are.
  if (!("Float16Array" in globalThis)) Object.defineProperty(globalThis, "Float16Array", { value: class {} });
  await jax.init("wasm");
  return {
    versions: { "@jax-js/jax": versionOf("@jax-js/jax") },
    isAsync: true,
    prepare: (inputs) => prepared(jax, inputs, isCompiled),
  };
}

function isJaxJs(module: unknown): module is JaxJs {
  if (typeof module !== "object" || module === null) return false;
  const isFunction = (name: string): boolean => typeof Reflect.get(module, name) === "function";
  const isThere = "numpy" in module && "nn" in module;
  return isThere && ["vjp", "valueAndGrad", "jit", "blockUntilReady", "init"].every(isFunction);
}

function prepared(jax: JaxJs, inputs: Inputs, isCompiled: boolean): Prepared {
  const { workload, arrays } = inputs;
  if (workload === "W1") return normOf(jax, inputs, isCompiled);
  if (workload !== "W3" && workload !== "W4") throw new Unsupported("jax-js has no fused batch norm");
  if (!isCompiled) throw new Unsupported("steps are timed with jit alone");
  return preparedTraining(
    arrays.slice(1).map(({ name }) => name),
    (rate) => trainer(jax, inputs, rate),
  );
}

/** A number in the dtype of the case: as it is where that is float32, for which jax-js takes every number. */
type Constant = (value: number) => Arr | number;

function constants({ numpy: np }: JaxJs, dtype: Inputs["dtype"]): Constant {
  if (dtype === "float32") return (value) => value;
  return (value) => np.array(Float64Array.of(value), { dtype }).reshape([]);
}

/** Means are sums divided by n: its own mean multiplies by 1/n in float32, in float64 too. */
function normalized({ numpy: np }: JaxJs, n: number, constant: Constant): Norm {
  return (x, gamma, beta) => {
    const mu = np.sum(x.ref, 0).div(constant(n));
    const centred = x.sub(mu);
    const variance = np.sum(np.square(centred.ref), 0).div(constant(n));
    return centred
      .div(np.sqrt(variance.add(constant(NORM_EPS))))
      .mul(gamma)
      .add(beta);
  };
}

function normOf(jax: JaxJs, { arrays, dtype }: Inputs, isCompiled: boolean): Prepared {
  const [x, gamma, beta, dy] = arrays.map((one) => arrayOf(jax, one, dtype)) as [Arr, Arr, Arr, Arr];
  const norm = normalized(jax, arrays[0]!.shape[0]!, constants(jax, dtype));
  const backward = (x: Arr, gamma: Arr, beta: Arr, dy: Arr): Arr[] => {
    const [y, pullback] = jax.vjp(norm, [x, gamma, beta]);
    y.dispose();
    const bars = pullback(dy);
    pullback.dispose();
    return bars;
  };
  const run = isCompiled ? jax.jit(backward) : backward;
  return preparedNorm(
    () => jax.blockUntilReady(run(x.ref, gamma.ref, beta.ref, dy.ref)),
    (found) => found.map((array) => numbersOf(array.ref)),
    (found) => {
      for (const array of found) array.dispose();
    },
  );
}

interface State {
  readonly params: Arr[];
  readonly mean: Arr[];
  readonly square: Arr[];
  readonly loss: Arr;
}

function trainer(jax: JaxJs, { arrays, labels, dtype }: Inputs, rate: number): Trainer {
  const { numpy: np } = jax;
  const constant = constants(jax, dtype);
  const lossOf = crossEntropy(jax, arrays[0]!.shape[0]!, constant);
  const step = (
    params: Arr[],
    mean: Arr[],
    square: Arr[],
    x: Arr,
    oneHot: Arr,
    scaledRate: Arr,
    correction: Arr,
  ): State => {
    const [loss, grads] = jax.valueAndGrad(lossOf)(
      params.map((p) => p.ref),
      x,
      oneHot,
    );
    const next: State = { params: [], mean: [], square: [], loss };
    params.forEach((p, k) => {
      const g = grads[k]!;
      const m = mean[k]!.mul(constant(MEAN_DECAY)).add(g.ref.mul(constant(1 - MEAN_DECAY)));
      const v = square[k]!.mul(constant(SQUARE_DECAY)).add(np.square(g).mul(constant(1 - SQUARE_DECAY)));
      const sigma = np.sqrt(v.ref.mul(correction.ref)).add(constant(ADAM_EPS));
      next.params.push(p.sub(m.ref.mul(scaledRate.ref).div(sigma)));
      next.mean.push(m);
      next.square.push(v);
    });
    scaledRate.dispose();
    correction.dispose();
    return next;
  };
  const take = jax.jit(step);
  const array = (values: readonly number[]): Arr =>
    np.array(dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values), { dtype });
  const scalar = (value: number): Arr => array([value]).reshape([]);
  const classes = arrays.at(-1)!.shape[0]!;
  const rows = [...labels!].flatMap((label) =>
    Array.from({ length: classes }, (_, k) => Number(k === label)),
  );
  const [x, ...params] = arrays.map((one) => arrayOf(jax, one, dtype)) as [Arr, ...Arr[]];
  const oneHot = array(rows).reshape([labels!.length, classes]);
  let state: State = {
    params,
    mean: params.map((p) => np.zerosLike(p.ref)),
    square: params.map((p) => np.zerosLike(p.ref)),
    loss: scalar(0),
  };
  let t = 0;
  return {
    async step() {
      t += 1;
      state.loss.dispose();
      const [scaledRate, correction] = [rate / (1 - MEAN_DECAY ** t), 1 / (1 - SQUARE_DECAY ** t)];
      const { params, mean, square } = state;
      state = take(params, mean, square, x.ref, oneHot.ref, scalar(scaledRate), scalar(correction));
      await jax.blockUntilReady(state);
    },
    loss: () => state.loss.ref.dataSync()[0]!,
    means: () => state.mean.map((m) => numbersOf(m.ref)),
  };
}

function crossEntropy(jax: JaxJs, n: number, constant: Constant): Loss {
  const { numpy: np, nn } = jax;
  const norm = normalized(jax, n, constant);
  return (params, x, oneHot) => {
    const depth = hiddenLayers(params.length);
    let h = x;
    for (let k = 0; k < depth; k++) {
      const [W, b, gamma, beta] = params.slice(4 * k) as [Arr, Arr, Arr, Arr];
      h = nn.relu(norm(np.matmul(h, W).add(b), gamma, beta));
    }
    const scores = np.matmul(h, params.at(-2)!).add(params.at(-1)!);
    return np.negative(np.sum(oneHot.mul(nn.logSoftmax(scores, -1))).div(constant(n)));
  };
}

function arrayOf({ numpy: np }: JaxJs, { values, shape }: InputArray, dtype: Inputs["dtype"]): Arr {
  return np.array(values, { dtype }).reshape(shape);
}

function numbersOf(array: Arr): ArrayLike<number> {
  return array.dataSync().slice();
}
