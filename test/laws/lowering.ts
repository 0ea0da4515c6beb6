/** What an op tells a compiler about itself is what its kernel does. */
import { allocate, type DType, isFloat } from "../../graph/dtype.ts";
import { WengertError } from "../../graph/errors.ts";
import type { Movement, Reduction } from "../../graph/lowering.ts";
import type { AnyPrimitive, Draw } from "../../graph/primitive.ts";
import { broadcastShapes, type Shape, sameShape, sizeAlong, stridesOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { setCanGenerate } from "../../ops/kernels/loop.ts";
import { mapKernel } from "../../ops/kernels/map.ts";
import { setAlwaysVectors } from "../../ops/kernels/wasm/worth.ts";
import type { AnySample } from "./application.ts";
import { largeLayouts, layouts } from "./layouts.ts";
import { first, firstChange, firstDifference } from "./numbers.ts";
import { blank, scalarByScalar } from "./scalarByScalar.ts";

/** At a sample: the formula, taken one number at a time; the fold; or no change at all. */
export function loweringLaw(op: AnyPrimitive, { x, params }: AnySample): string | null {
  const { lowering } = op;
  const y = blank(op.shape(x, params), op.dtype(x, params));
  op.kernel(x, params, y);
  if (lowering.kind === "view") return firstChange(y, x[0]!);
  if (lowering.kind === "map") return firstChange(y, scalarByScalar(lowering.formula, x, params, y));
  if (lowering.kind === "move") return firstChange(y, moved(lowering, x[0]!, params, y));
  return lowering.kind === "reduce" ? firstDifference(y, folded(lowering, x[0]!, params, y), 1e-12) : null;
}

/**
 * Over layouts of no axis to five, stretched in all ways, large ones too, and over dtypes: the op's kernel, the
 * generated loop, the interpreted loop, and vectors where there are any, are the formula, to the bit.
 */
export function layoutsLaw(op: AnyPrimitive, seed: number): string | null {
  const { lowering } = op;
  const sample = op.samples(noNumbers)[0];
  if (lowering.kind !== "map" || sample === undefined) return null;
  const { formula } = lowering;
  const { params } = sample;
  const arity = sample.x.length;
  const made = {
    generated: mapKernel(formula),
    interpreted: mapKernel(formula),
    vectors: mapKernel(formula),
  };
  const everywhere = [...layouts(seed, op.name, arity), ...largeLayouts(seed, op.name, arity)];
  return first(everywhere, (x) => {
    const shape = x.map((t) => t.shape).reduce((a, b) => broadcastShapes(op.name, a, b), []);
    const own = specOf(op, x, params);
    if (own.dtype === null) return null;
    const y = blank(shape, own.dtype);
    const expected = scalarByScalar(formula, x, params, y);
    // An op whose parameters say the output's shape is only itself at its samples.
    const isItself = own.shape !== null && sameShape(own.shape, shape);
    const kernels = { ...made, ...(isItself ? { "the op's kernel": op.kernel } : {}) };
    return first(Object.entries(kernels), ([which, kernel]) => {
      const actual = blank(shape, y.dtype);
      setCanGenerate(which === "interpreted" ? false : null);
      setAlwaysVectors(which === "vectors" ? true : null);
      try {
        kernel(x, params, actual);
      } finally {
        setCanGenerate(null);
        setAlwaysVectors(null);
      }
      const change = firstChange(actual, expected);
      const where = x.map((t) => `${t.dtype}[${t.shape}]`).join(" ");
      return change === null ? null : `${where} to ${y.dtype}[${shape}], ${which}: ${change}`;
    });
  });
}

/** Samples of which only arity and parameters are wanted. */
const noNumbers: Draw = {
  uniform: (shape) => blank(shape, "float64"),
  normal: (shape) => blank(shape, "float64"),
  integers: (shape) => blank(shape, "int32"),
  bools: (shape) => blank(shape, "bool"),
};

/** What the op says of its output; null where it refuses such inputs. */
function specOf(
  op: AnyPrimitive,
  x: readonly NdArray[],
  params: unknown,
): { readonly shape: Shape | null; readonly dtype: DType | null } {
  return { shape: unlessRefused(() => op.shape(x, params)), dtype: unlessRefused(() => op.dtype(x, params)) };
}

function unlessRefused<T>(rule: () => T): T | null {
  try {
    return rule();
  } catch (refusal) {
    if (refusal instanceof WengertError) return null;
    throw refusal;
  }
}

/** Elements combined one after the other, in float64. */
function folded(
  { combine, initial, isMean, over }: Reduction,
  x: NdArray,
  params: unknown,
  like: Output,
): NdArray {
  const axes = over(x, params);
  const f = (isFloat(x.dtype) ? null : combine.int32) ?? combine.f;
  const kept = stridesOf(x.shape.map((d, k) => (axes.includes(k) ? 1 : d)));
  const strides = stridesOf(x.shape);
  const sums = new Float64Array(like.data.length).fill(initial);
  for (let i = 0; i < x.data.length; i++) {
    let to = 0;
    for (let k = 0; k < x.shape.length; k++) {
      if (!axes.includes(k)) to += (Math.floor(i / strides[k]!) % x.shape[k]!) * kept[k]!;
    }
    sums[to] = f(sums[to]!, x.data[i]!);
  }
  const count = isMean ? sizeAlong(x.shape, axes) : 1;
  const data = allocate(like.dtype, sums.length);
  data.set(sums.map((sum) => sum / count));
  return { shape: like.shape, dtype: like.dtype, data };
}

/** Every element fetched from where the op says that it comes from. */
function moved({ from }: Movement, x: NdArray, params: unknown, like: Output): NdArray {
  const walks = from(x, params);
  const strides = stridesOf(x.shape);
  const own = stridesOf(like.shape);
  const data = allocate(like.dtype, like.data.length);
  for (let i = 0; i < data.length; i++) {
    const at = own.map((stride, k) => Math.floor(i / stride) % like.shape[k]!);
    const places = walks.map(({ axis, start, step }) => start + (axis === null ? 0 : step * at[axis]!));
    data[i] = x.data[places.reduce((sum, place, k) => sum + place * strides[k]!, 0)]!;
  }
  return { shape: like.shape, dtype: like.dtype, data };
}
