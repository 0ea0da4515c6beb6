import { expect, expectTypeOf, test } from "vitest";
import {
  batchNorm,
  certify,
  certifyWith,
  FusedBatchNorm,
  fromData,
  grad,
  jvp,
  mul,
  sum,
  type Tensor,
  valueAndGrad,
  vjp,
} from "../src/index.ts";

interface Params {
  readonly W: Tensor;
  readonly layers: readonly { readonly b: Tensor }[];
}

const x = fromData([3, 2], "float64", Float64Array.of(1, 2, 4, 1, -1, 0.5));
const p: Params = { W: x, layers: [{ b: x }] };
const loss = ({ W, layers }: Params, t: Tensor): Tensor => sum(mul(mul(W, layers[0]!.b), t));

test("a gradient has the type of the inputs", () => {
  const [pBar, tBar] = grad(loss)(p, x);
  expectTypeOf(pBar).toExtend<Params>();
  expectTypeOf(tBar).toEqualTypeOf<Tensor>();
  expect(pBar.layers[0]?.b.shape).toEqual([3, 2]);
  const [y, [again]] = valueAndGrad(loss)(p, 1);
  expectTypeOf(y).toEqualTypeOf<Tensor>();
  expectTypeOf(again).toExtend<Params>();
});

test("functions that take numbers and options can be given to vjp, jvp and certify as they are", () => {
  const gamma = fromData([2], "float64", Float64Array.of(1, 2));
  const [y, back] = vjp(batchNorm, x, gamma, gamma);
  expectTypeOf(y).toEqualTypeOf<Tensor>();
  const bars = back(x);
  expectTypeOf(bars).toEqualTypeOf<[Tensor, Tensor, Tensor]>();
  const [, yDot] = jvp((t) => mul(t, t), [x], [x]);
  expectTypeOf(yDot).toEqualTypeOf<Tensor>();
  const [two] = vjp((t) => mul(t, 2), 21);
  expect(two.item()).toBe(42);
  expect(certify(batchNorm, x, gamma, gamma).verdict).toBe("agrees");
  const params = { axes: [0], eps: 1e-5 };
  expect(certifyWith({ params }, FusedBatchNorm, x, gamma, gamma).verdict).toBe("agrees");
  // @ts-expect-error: one tangent for one input
  expect(() => jvp((t) => mul(t, t), [x], [x, x])).toThrow("1 tangents");
});
