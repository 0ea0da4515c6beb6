/** Laws of shapes and dtypes: the rules are called here directly, because the walks drop what they did not ask for. */
import type { AnyPrimitive, Differentials, Inputs, MaybeZero, Point } from "../../graph/primitive.ts";
import { sameShape } from "../../graph/shape.ts";
import { filled, type Spec, type Tensor } from "../../graph/tensor.ts";
import { vjp } from "../../src/transforms/derivatives.ts";
import { directions } from "../draw.ts";
import { type AnySample, type Application, applied, hasDerivative, owned } from "./application.ts";
import { first, firstDifference } from "./numbers.ts";

/** Shape and dtype rules look at nothing but shapes and dtypes; the value has what they say. */
export function specLaw(op: AnyPrimitive, sample: AnySample): string | null {
  const specs = sample.x.map(({ shape, dtype }) => ({ shape, dtype }));
  const { x, f, floats } = applied(op, sample);
  const isAsGiven = x.every((t, k) => t.dtype === specs[k]!.dtype);
  const y = f(...floats)[0]!;
  const said = { shape: op.shape(specs, sample.params), dtype: op.dtype(specs, sample.params) };
  if (!sameShape(y.shape, said.shape)) return `shape says [${said.shape}], the value has [${y.shape}]`;
  if (isAsGiven && y.dtype !== said.dtype) return `dtype says ${said.dtype}, the value has ${y.dtype}`;
  return y.data.length === y.size ? null : `${y.data.length} numbers for [${y.shape}]`;
}

/**
 * A differential has its primal's shape and dtype. int32 and bool have none, and neither has what was not asked for;
 * what was asked for is the same whoever else asks.
 */
export function differentialsLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  const { x, y, floats, places } = at;
  const direction = directions(seed, op.name, "differentials");
  const point: Point<Inputs, unknown> = { x, y, params: sample.params };
  const xDot = x.map((t, k) => (places.includes(k) ? direction(t) : null));
  const alone = x.map((_, k) =>
    op.jvp(
      point,
      xDot.map((d, j) => (j === k ? d : null)),
    ),
  );
  const nothing = op.jvp(
    point,
    x.map(() => null),
  );
  if (nothing !== null) return "jvp of no tangents is not null";
  if (floats.length === 0) return null;
  const yDot = op.jvp(point, xDot);
  if (!hasDerivative(at)) return yDot === null ? null : `jvp is not null, though the value is ${y.dtype}`;
  return (
    misfit("jvp", yDot, y) ??
    first(alone, (d, k) => misfit(`jvp along input ${k}`, d, y)) ??
    additive(yDot, alone, y) ??
    cotangents(op, point, at, direction(y))
  );
}

function cotangents(
  op: AnyPrimitive,
  point: Point<Inputs, unknown>,
  { x, places }: Application,
  yBar: Tensor,
): string | null {
  const ask = (wanted: readonly boolean[]): Differentials<Inputs> => op.vjp(point, yBar, wanted);
  const all = ask(x.map((_, k) => places.includes(k)));
  if (all.length !== x.length) return `vjp gives ${all.length} cotangents for ${x.length} inputs`;
  return (
    first(x, (t, k) => {
      if (places.includes(k)) return misfit(`vjp for input ${k}`, all[k]!, t);
      return all[k] === null ? null : `vjp gives a cotangent for ${t.dtype} input ${k}`;
    }) ??
    first(places.length > 1 ? places : [], (k) => {
      const one = ask(x.map((_, j) => j === k));
      const unasked = one.findIndex((d, j) => j !== k && d !== null);
      if (unasked >= 0) return `vjp gives a cotangent for input ${unasked}, which is not wanted`;
      const found = firstDifference(one[k] ?? zeros(x[k]!), all[k] ?? zeros(x[k]!), 1e-12);
      return found === null ? null : `vjp for input ${k} depends on what else is wanted: ${found}`;
    })
  );
}

/** J ẋ is the sum of what each input's tangent gives alone. */
function additive(yDot: MaybeZero, alone: readonly MaybeZero[], y: Tensor): string | null {
  const data = new Float64Array(y.size);
  for (const d of alone) for (let i = 0; d !== null && i < data.length; i++) data[i] = data[i]! + d.data[i]!;
  const tolerance = y.dtype === "float64" ? 1e-12 : 1e-5;
  const found = firstDifference(yDot ?? zeros(y), { shape: y.shape, dtype: y.dtype, data }, tolerance);
  return found === null ? null : `jvp is not the sum over its inputs: ${found}`;
}

function misfit(what: string, d: MaybeZero, primal: Spec): string | null {
  if (d === null || (d.dtype === primal.dtype && sameShape(d.shape, primal.shape))) return null;
  return `${what} is ${d.dtype}[${d.shape}], its primal ${primal.dtype}[${primal.shape}]`;
}

function zeros({ shape, dtype }: Spec): Tensor {
  return filled(shape, dtype, 0);
}

/**
 * In float32 the op gives float32, and what it would give in float64 to some 1e-5, with gradients likewise.
 *
 * float64 is evaluated at the rounded inputs, so that what is compared is the op's own loss of digits.
 */
export function float32Law(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const narrow = applied(op, sample, "float32");
  if (narrow.floats.length === 0) return null;
  const wide = applied(op, { x: narrow.x, params: sample.params });
  if (wide.y.dtype !== narrow.y.dtype && !(wide.y.dtype === "float64" && narrow.y.dtype === "float32")) {
    return `float32 gives ${narrow.y.dtype}, float64 ${wide.y.dtype}`;
  }
  if (wide.y.dtype === "float64" && narrow.y.dtype === "float64" && !isAskedFor("float64", sample.params)) {
    return "float32 gives float64";
  }
  const found = firstDifference(narrow.y, wide.y, 1e-5);
  if (found !== null) return `value in float32: ${found}`;
  if (!hasDerivative(wide)) return null;
  const yBar = directions(seed, op.name, "float32")(narrow.y);
  const exact = vjp<Inputs, Inputs>(wide.f, ...wide.floats)[1]([owned(yBar, wide.y.dtype)]);
  return first(vjp<Inputs, Inputs>(narrow.f, ...narrow.floats)[1]([yBar]), (xBar, k) => {
    const difference = firstDifference(xBar, exact[k]!, 2e-5);
    return difference === null ? null : `cotangent of input ${k} in float32: ${difference}`;
  });
}

/** Whether the output's dtype is a parameter of the op, as it is for a cast. */
function isAskedFor(dtype: string, params: unknown): boolean {
  return typeof params === "object" && params !== null && Object.values(params).includes(dtype);
}
