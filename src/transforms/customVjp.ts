import {
  ArgumentError,
  type Arrays,
  asTensor,
  bind,
  type Differentials,
  describe,
  type Inputs,
  type NdArray,
  type Primitive,
  pushforward,
  Tensor,
  type TensorLike,
  trace,
} from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";

/** Arguments from which a tuple of tensors can be made. */
export type Likes<X extends Inputs> = { readonly [K in keyof X]: TensorLike };

/**
 * f with a backward of your own: for a gradient that is cheaper, or steadier, than the tape's, without registering an
 * op.
 *
 * Reverse mode uses `rule`, written with ops, and differentiates it for higher orders. Forward mode differentiates f,
 * so that `certify` compares the two; a rule that means to differ (a straight-through estimator) is reported.
 *
 * @param f from tensors to one tensor
 * @param rule from the point {x, y} and the cotangent ȳ to one cotangent an input (null for zero)
 * @throws ArgumentError where f returns no tensor
 * @throws RuleError, during the walk back, where a cotangent has not its input's shape and dtype
 */
export function customVjp<X extends Inputs>(
  f: (...x: X) => Tensor,
  rule: (at: { readonly x: X; readonly y: Tensor }, yBar: Tensor) => Differentials<X>,
): (...x: Likes<X>) => Tensor {
  checkedFunction("customVjp", "f", f);
  checkedFunction("customVjp", "rule", rule);
  const name = f.name === "" ? "customVjp" : f.name;
  return (...x) => {
    const tensors = x.map((t, k) => asTensor(name, t, "float64", `input ${k}`)) as Inputs as X;
    return bind(primitiveOf(name, f, rule, tensors), tensors, undefined);
  };
}

/** The op that one call applies. Its shape is that of the call's own value: f says nothing else about it. */
function primitiveOf<I extends Inputs>(
  name: string,
  f: (...x: I) => Tensor,
  rule: (at: { readonly x: I; readonly y: Tensor }, yBar: Tensor) => Differentials<I>,
  x: I,
): Primitive<I> {
  let known: { readonly data: readonly unknown[]; readonly y: Tensor } | null = null;
  const evaluate = (at: readonly NdArray[]): Tensor => {
    const data = at.map((t) => (t instanceof Tensor ? t.storage : (t.data as Float64Array)));
    if (known === null || data.some((d, k) => d !== known?.data[k])) {
      const plain = at.map((t, k) => new Tensor(t.shape, t.dtype, data[k]!)) as Inputs as I;
      const y = f(...plain);
      if (!(y instanceof Tensor)) throw new ArgumentError(name, "f to return a tensor", describe(y));
      known = { data, y };
    }
    return known.y;
  };
  return {
    name,
    shape: () => evaluate(x).shape,
    dtype: () => evaluate(x).dtype,
    kernel: (at: Arrays<I>, _, y) => y.data.set(evaluate(at as readonly NdArray[]).data as ArrayLike<number>),
    jvp: (at, xDot) =>
      pushforward(
        trace((...t) => [f(...(t as Inputs as I))], at.x, true),
        xDot,
      )[0]!,
    reference: (at) => f(...at),
    vjp: ({ x: primals, y }, yBar) => rule({ x: primals, y }, yBar),
    samples: () => [],
    rejects: () => [],
    conventions: () => [],
    lowering: { kind: "kernel" },
    text: (words) => `${name}(${words.join(", ")})`,
    latex: (words) => `\\operatorname{${name}}\\left(${words.join(", ")}\\right)`,
  };
}
