import { type Shape, ShapeError, sizeOf, type Tensor } from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import { cast, mul } from "../../ops/index.ts";
import { Random } from "../random/index.ts";
import { checkStd } from "../random/random.ts";
import { checkedSource, type RandomSource } from "../random/source.ts";
import { type FloatDType, floatOf } from "./floatDType.ts";

/** Where initial weights come from. The last axis counts outputs, the one before it inputs; any others are pixels. */
export type Initializer = (random: RandomSource, shape: Shape, options?: InitializerOptions) => Tensor;

export interface InitializerOptions {
  /** float64 unless it is float32. */
  readonly dtype?: FloatDType;
}

/**
 * Normal, of variance 2 / inputs: what relu halves is kept from layer to layer (He et al. 2015).
 *
 * @throws ShapeError for fewer than two axes; DTypeError, ArgumentError
 */
export function kaimingNormal(
  random: RandomSource,
  shape: Shape,
  options: InitializerOptions = NONE,
): Tensor {
  return normal("kaimingNormal", random, shape, Math.sqrt(2 / fans("kaimingNormal", shape).inputs), options);
}

/** Uniform, of that variance: within ±√(6 / inputs) (He et al. 2015). @throws as kaimingNormal does */
export function kaimingUniform(
  random: RandomSource,
  shape: Shape,
  options: InitializerOptions = NONE,
): Tensor {
  return uniform(
    "kaimingUniform",
    random,
    shape,
    Math.sqrt(6 / fans("kaimingUniform", shape).inputs),
    options,
  );
}

/** Normal, of variance 2 / (inputs + outputs): for tanh (Glorot & Bengio 2010). @throws as kaimingNormal does */
export function glorotNormal(random: RandomSource, shape: Shape, options: InitializerOptions = NONE): Tensor {
  const { inputs, outputs } = fans("glorotNormal", shape);
  return normal("glorotNormal", random, shape, Math.sqrt(2 / (inputs + outputs)), options);
}

/** Uniform, of that variance: within ±√(6 / (inputs + outputs)) (Glorot & Bengio 2010). @throws as kaimingNormal does */
export function glorotUniform(
  random: RandomSource,
  shape: Shape,
  options: InitializerOptions = NONE,
): Tensor {
  const { inputs, outputs } = fans("glorotUniform", shape);
  return uniform("glorotUniform", random, shape, Math.sqrt(6 / (inputs + outputs)), options);
}

/**
 * An initializer: std · randn, whatever the shape.
 *
 * @throws ArgumentError where std is negative, or no finite number
 */
export function scaledNormal(std: number): Initializer {
  checkStd("scaledNormal", std);
  return (random, shape, options = NONE) => normal("scaledNormal", random, shape, std, options);
}

function normal(
  op: string,
  random: RandomSource,
  shape: Shape,
  std: number,
  options: InitializerOptions,
): Tensor {
  const source = checkedSource(op, "random", random);
  const dtype = floatOf(op, checkedOptions(op, options, ["dtype"]).dtype, "float64");
  if (source instanceof Random) return source.normal(shape, { std, dtype });
  return cast(mul(std, source.randn(...shape)), dtype);
}

function uniform(
  op: string,
  random: RandomSource,
  shape: Shape,
  high: number,
  options: InitializerOptions,
): Tensor {
  const source = checkedSource(op, "random", random);
  const dtype = floatOf(op, checkedOptions(op, options, ["dtype"]).dtype, "float64");
  if (source instanceof Random) return source.uniform(shape, { low: -high, high, dtype });
  return cast(source.uniform(-high, high, shape), dtype);
}

/** How many numbers go into one, and come of one. @throws ShapeError where that cannot be told */
function fans(op: string, shape: Shape): { readonly inputs: number; readonly outputs: number } {
  const size = Array.isArray(shape) ? sizeOf(shape) : 0;
  if (shape.length < 2 || size === 0) {
    throw new ShapeError(op, "weights of shape [..., inputs, outputs], none of them 0", `[${shape}]`);
  }
  return { inputs: size / shape[shape.length - 1]!, outputs: size / shape[shape.length - 2]! };
}
