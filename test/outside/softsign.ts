/** An op as a user would write it, outside the package: the whole record, by hand. */
import {
  abs,
  add,
  asTensor,
  bind,
  DTypeError,
  isFloat,
  type Primitive,
  primitive,
  reciprocal,
  scale,
  square,
  type Tensor,
  type TensorLike,
} from "../../src/index.ts";

type One = readonly [Tensor];

const slope = (x: Tensor): Tensor => square(reciprocal(add(1, abs(x))));

/** y = x / (1 + |x|),  dy/dx = 1 / (1 + |x|)² */
export const Softsign: Primitive<One> = primitive<One>({
  name: "softsign",
  shape: ([x]) => x.shape,
  dtype([x]) {
    if (isFloat(x.dtype)) return x.dtype;
    throw new DTypeError("softsign", "a float", x.dtype, 'cast it: cast(x, "float64")');
  },
  kernel([x], _, y) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[i]! / (1 + Math.abs(x.data[i]!));
  },
  jvp: ({ x: [x] }, [xDot]) => (xDot === null ? null : scale(xDot, slope(x))),
  vjp: ({ x: [x] }, yBar) => [scale(yBar, slope(x))],
  samples: (draw) =>
    [[], [3], [2, 3]].map((shape) => ({ x: [draw.uniform(shape, 0.2, 2)], params: undefined })),
  rejects: () => [
    { x: [{ shape: [1], dtype: "int32", data: Int32Array.of(1) }], params: undefined, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: ([x]) => `softsign(${x})`,
  latex: ([x]) => `\\operatorname{softsign}\\left(${x}\\right)`,
});

export function softsign(x: TensorLike): Tensor {
  return bind(Softsign, [asTensor("softsign", x)], undefined);
}
