import {
  ArgumentError,
  checkedShape,
  describe,
  ShapeError,
  sameShape,
  Tensor,
} from "../../../graph/index.ts";
import { checkedFunction, NONE } from "../../../graph/options.ts";
import { inputOf, type Layer, type Nothing } from "./layer.ts";

/**
 * A layer of any elementwise function: `activation(relu)`, `activation((x) => mul(x, sigmoid(x)))`.
 *
 * @throws ArgumentError for what is no function; ShapeError, when it is applied, where it changes the shape
 */
export function activation(f: (x: Tensor) => Tensor): Layer<Nothing, null> {
  checkedFunction("activation", "f", f);
  return {
    init: (_, shape) => ({ params: NONE, state: null, shape: checkedShape("activation", shape) }),
    apply(at, x) {
      const t = inputOf("activation", at, x);
      const y = f(t);
      if (!(y instanceof Tensor)) throw new ArgumentError("activation", "f to return a tensor", describe(y));
      if (sameShape(y.shape, t.shape)) return { y, state: null };
      const remedy = "a layer that changes shapes is an object with init and apply";
      throw new ShapeError("activation", `f to return x's shape [${t.shape}]`, `[${y.shape}]`, remedy);
    },
  };
}
