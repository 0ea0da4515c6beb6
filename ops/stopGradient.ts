import { bind } from "../graph/bind.ts";
import type { Primitive } from "../graph/primitive.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { array } from "./families/samples.ts";

/** y = x, and no derivative: a structural zero in both modes */
export const StopGradient: Primitive<One> = Object.freeze({
  name: "stopGradient",
  shape: ([x]) => x.shape,
  dtype: ([x]) => x.dtype,
  kernel: ([x], _, y) => y.data.set(x.data.subarray()),
  jvp: () => null,
  vjp: () => [null],
  // Among floats the laws of derivatives would rightly object.
  samples: (draw) => [
    { x: [draw.integers([2, 3], 5)], params: undefined },
    { x: [draw.bools([0])], params: undefined },
  ],
  rejects: () => [],
  conventions: () => [
    { x: [array([1, 2])], params: undefined, xBar: [array([0, 0])], because: "that is what it is for" },
  ],
  lowering: { kind: "view" },
  text: ([x]) => `stopGradient(${x})`,
  latex: ([x]) => `\\operatorname{stop}\\left(${x}\\right)`,
} satisfies Primitive<One>);

/** x, as if it were a constant: no derivative flows through, of any order, in any mode. Nothing is copied. */
export function stopGradient(x: TensorLike): Tensor {
  return bind(StopGradient, [asTensor("stopGradient", x)], undefined);
}
