import { bind } from "../graph/bind.ts";
import { checkedDType, type DType, isFloat } from "../graph/dtype.ts";
import { DTypeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { zerosLike } from "./families/samples.ts";
import { mapKernel } from "./kernels/map.ts";
import { input } from "./kernels/scalar.ts";
import { notEqual } from "./notEqual.ts";

export interface To {
  readonly dtype: DType;
}

// Storing a number in y's typed array converts it.
const store = mapKernel(input(0));

/** y = x as another kind of number; its derivative is x's own, between floats */
export const Cast: Primitive<One, To> = Object.freeze({
  name: "cast",
  shape: ([x]) => x.shape,
  dtype(_, { dtype }): DType {
    if (dtype === "bool") throw new DTypeError("cast", "a number's dtype", dtype, "use notEqual(x, 0)");
    return dtype;
  },
  kernel: (x, _, y) => store(x, undefined, y),
  jvp: ({ params: { dtype } }, [xDot]) => (xDot === null || !isFloat(dtype) ? null : cast(xDot, dtype)),
  vjp: ({ x: [x], params: { dtype } }, yBar) => [
    isFloat(x.dtype) && isFloat(dtype) ? cast(yBar, x.dtype) : null,
  ],
  samples: (draw) => [
    { x: [draw.uniform([2, 3], -2, 2)], params: { dtype: "float64" } },
    { x: [draw.uniform([2, 3], -2, 2)], params: { dtype: "float32" } },
    { x: [draw.uniform([], -2, 2)], params: { dtype: "float32" } },
    { x: [draw.uniform([2, 3], -2, 2)], params: { dtype: "int32" } },
    { x: [draw.integers([3], 5)], params: { dtype: "float64" } },
    { x: [draw.bools([0])], params: { dtype: "int32" } },
  ],
  rejects: () => [{ x: [zerosLike([2])], params: { dtype: "bool" }, error: DTypeError }],
  conventions: () => [],
  lowering: { kind: "map", formula: input(0) },
  text: ([x], { dtype }) => `cast(${x}, ${dtype})`,
  latex: ([x], { dtype }) => `\\operatorname{${dtype}}\\left(${x}\\right)`,
} satisfies Primitive<One, To>);

/**
 * x as another dtype; x itself if it has that already. Derivatives pass between float64 and float32, and end at int32
 * and bool.
 *
 * To int32, what is behind the point is dropped, numbers beyond 32 bits wrap around, and NaN and ±Infinity become 0.
 * To bool, everything but 0 is true, NaN too.
 *
 * @throws DTypeError where there is no such dtype
 */
export function cast(x: TensorLike, dtype: DType): Tensor {
  const t = asTensor("cast", x, checkedDType("cast", dtype));
  if (t.dtype === dtype) return t;
  return dtype === "bool" ? notEqual(t, 0) : bind(Cast, [t], { dtype });
}
