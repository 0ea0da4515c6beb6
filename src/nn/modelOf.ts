import { ArgumentError, asTensor, describe, NotScalarError, Tensor } from "../../graph/index.ts";
import { checkedFunction, checkedOptions, NONE } from "../../graph/options.ts";
import { add } from "../../ops/index.ts";
import { vjp } from "../transforms/derivatives.ts";
import type { Traced, Tree } from "../tree.ts";
import type { Layer } from "./layers/layer.ts";
import { assertStanding, makeModel } from "./makeModel.ts";
import type { Model, Standing, Step } from "./model.ts";
import { tensorsIn, withTensors } from "./stateTensors.ts";

const OP = "modelOf";

export interface ModelOptions<P> {
  /** What is added to the loss for the parameters' sake, a scalar: `(p) => mul(1e-3, sum(square(p[1].W)))`. */
  readonly penalty?: (params: P) => Tensor;
}

/**
 * A network and a loss, as a {@link Model} that a trainer takes:
 *
 *     const model = modelOf(net, softmaxLoss, net.init(random(7), [3072]));
 *     const { loss, grads, state } = model.loss(model, x, labels);
 *
 * @param net a layer: `sequential(...)`, or one of your own
 * @param loss of the network's result and the labels, a scalar
 * @param start parameters and state to begin with
 * @throws ArgumentError where one is not that; NotScalarError, at a step, for a loss or a penalty that is no scalar
 */
export function modelOf<P extends Tree, S>(
  net: Layer<P, S>,
  loss: (y: Tensor, labels: Tensor) => Tensor,
  start: Standing<P, S>,
  options: ModelOptions<P> = NONE,
): Model<P, S> {
  const given: Partial<Layer<P, S>> | null | undefined = net;
  if (typeof given?.apply !== "function")
    throw new ArgumentError(OP, "a network { init, apply }", describe(net));
  checkedFunction(OP, "the loss", loss);
  assertStanding(OP, start);
  const { penalty } = checkedOptions(OP, options, ["penalty"]);
  if (penalty !== undefined) checkedFunction(OP, "penalty", penalty);

  function scores(at: Standing<P, S>, x: Tensor): Tensor {
    return net.apply(at, asTensor(OP, x), { mode: "evaluation" }).y;
  }

  function step(at: Standing<P, S>, x: Tensor, labels: Tensor): Step<P, S> {
    let next = at.state;
    const lossOf = (params: P): Lossy => {
      const { y, state } = net.apply({ params, state: at.state }, asTensor(OP, x), { mode: "training" });
      next = state;
      const own = scalarOf("the loss", loss(y, labels));
      const total = penalty === undefined ? own : add(own, scalarOf("penalty", penalty(params)));
      return { loss: total, state: tensorsIn(state) };
    };
    // Parameters are tensors, and stay of their type.
    const [value, pullback] = vjp(lossOf as (params: Traced<P>) => Lossy, at.params);
    const [grads] = pullback({ loss: 1, state: null });
    // What the tape has computed, as plain values: it is not to live on in them.
    const state = withTensors(next, value.state ?? []);
    return { loss: value.loss.item(), grads: grads as P, state };
  }

  return makeModel(OP, start, scores, step);
}

/** What the tape is asked for; no cotangent flows through the state. */
interface Lossy {
  readonly loss: Tensor;
  readonly state: readonly Tensor[] | null;
}

/** @throws NotScalarError, ArgumentError for anything else */
function scalarOf(what: string, t: Tensor): Tensor {
  if (!(t instanceof Tensor)) throw new ArgumentError(OP, `${what} to be a tensor`, describe(t));
  if (t.rank !== 0)
    throw new NotScalarError(OP, `${what} must be a scalar`, `[${t.shape}]`, "take its mean or its sum");
  return t;
}
