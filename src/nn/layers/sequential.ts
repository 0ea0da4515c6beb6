import { ArgumentError, checkedShape, describe, type Shape, type Tensor } from "../../../graph/index.ts";
import { NONE } from "../../../graph/options.ts";
import { checkedSource } from "../../random/source.ts";
import type { Tree } from "../../tree.ts";
import type { Standing } from "../model.ts";
import { type Applied, checkedApply, type Initialized, inputOf, type Layer } from "./layer.ts";

/** The parameters of layers: a tuple with one part for each. */
export type ParamsOf<L extends readonly Layer[]> = {
  readonly [K in keyof L]: L[K] extends Layer<infer P, infer _> ? P : never;
};

/** The states of layers, likewise. */
export type StatesOf<L extends readonly Layer[]> = {
  readonly [K in keyof L]: L[K] extends Layer<infer _, infer S> ? S : never;
};

/**
 * Layers one behind the other, as a layer:
 *
 *     const net = sequential(flatten(), dense(100), batchNormLayer(), activation(relu), dense(10));
 *     const { params, state } = net.init(random(7), [3, 32, 32]);
 *     const { y, state: next } = net.apply({ params, state }, x, { mode: "training" });
 *
 * Its parameters and its state are tuples with one part for each layer. It is initialised from first to last; each
 * layer is told the shape that the one before it makes.
 *
 * @throws ArgumentError for what is no layer; and, when it is applied, for parameters or a state of another network
 */
export function sequential<const L extends readonly Layer[]>(...layers: L): Layer<ParamsOf<L>, StatesOf<L>> {
  layers.forEach(assertLayer);
  return {
    init(random, shape, options = NONE): Initialized<ParamsOf<L>, StatesOf<L>> {
      const source = checkedSource("sequential", "random", random);
      let out: Shape = checkedShape("sequential", shape);
      const parts = layers.map((layer) => {
        const part = layer.init(source, out, options);
        out = part.shape;
        return part;
      });
      const params = parts.map((part) => part.params) as readonly Tree[] as ParamsOf<L>;
      const state = parts.map((part) => part.state) as readonly unknown[] as StatesOf<L>;
      return { params, state, shape: out };
    },
    apply(at: Standing<ParamsOf<L>, StatesOf<L>>, x: Tensor, options): Applied<StatesOf<L>> {
      checkedApply("sequential", options);
      let y = inputOf("sequential", at, x);
      const params = partsOf("params", at.params, layers.length) as readonly Tree[];
      const states = partsOf("state", at.state, layers.length);
      const next = layers.map((layer, k) => {
        const applied = layer.apply({ params: params[k]!, state: states[k] }, y, options);
        y = applied.y;
        return applied.state;
      });
      return { y, state: next as readonly unknown[] as StatesOf<L> };
    },
  };
}

/** @throws ArgumentError for anything but a pair of functions */
export function assertLayer(layer: Layer, k: number): void {
  const given: Partial<Layer> | null | undefined = layer;
  if (typeof given?.init === "function" && typeof given.apply === "function") return;
  const remedy = typeof layer === "function" ? "call it, or wrap an op: activation(relu)" : "";
  throw new ArgumentError("sequential", `layer ${k} to be { init, apply }`, describe(layer), remedy);
}

/** @throws ArgumentError unless there is one for each layer */
function partsOf(what: string, parts: unknown, count: number): readonly unknown[] {
  if (Array.isArray(parts) && parts.length === count) return parts;
  const expected = `${what} with one part for each of ${count} layers`;
  throw new ArgumentError("sequential", expected, describe(parts), "init makes them");
}
