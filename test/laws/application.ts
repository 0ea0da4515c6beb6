/** An op at one of its samples, as a function of those inputs that have derivatives. */
import { bind } from "../../graph/bind.ts";
import { allocate, type DType, isFloat } from "../../graph/dtype.ts";
import type { AnyPrimitive, Inputs, Sample } from "../../graph/primitive.ts";
import { fromData, type NdArray, type Tensor } from "../../graph/tensor.ts";

export type AnySample = Sample<Inputs, unknown>;

/** From tensors to tensors: what is differentiated. */
export type TensorMap = (...x: Inputs) => Inputs;

export interface Application {
  /** All inputs. int32 and bool ones are closed over: they have no tangents. */
  readonly x: Inputs;
  readonly floats: Inputs;
  /** Which of the inputs are float. */
  readonly places: readonly number[];
  readonly y: Tensor;
  readonly f: TensorMap;
}

/** With all float inputs in float64, whatever they were, or in float32. */
export function applied(op: AnyPrimitive, { x, params }: AnySample, as: DType = "float64"): Application {
  const inputs = x.map((t) => owned(t, isFloat(t.dtype) ? as : t.dtype));
  const places = [...inputs.keys()].filter((k) => isFloat(inputs[k]!.dtype));
  const f: TensorMap = (...floats) => [
    bind(
      op,
      inputs.map((t, k) => (isFloat(t.dtype) ? floats[places.indexOf(k)]! : t)),
      params,
    ),
  ];
  const floats = places.map((k) => inputs[k]!);
  return { x: inputs, floats, places, y: f(...floats)[0]!, f };
}

/** Whether there is anything to differentiate. */
export function hasDerivative({ floats, y }: Application): boolean {
  return floats.length > 0 && isFloat(y.dtype);
}

/** A tensor of its own, so that nobody else can have written to it. */
export function owned({ shape, data }: NdArray, dtype: DType): Tensor {
  const own = allocate(dtype, data.length);
  own.set(data);
  return fromData(shape, dtype, own);
}

/** Where in the report: `#2 float64[2,3] bool[3]`. */
export function describeSample({ x }: AnySample, index: number): string {
  return `#${index} ${x.map((t) => `${t.dtype}[${t.shape}]`).join(" ")}`;
}
