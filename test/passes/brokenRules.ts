/** Rules with a mistake that somebody might make: the random programs have to find each. */
import type { AlgebraRule, AnyPrimitive } from "../../src/index.ts";
import * as ops from "../../src/index.ts";

const rule = (
  statement: string,
  on: readonly AnyPrimitive[],
  rewrite: AlgebraRule["rewrite"],
): AlgebraRule => ({
  name: statement,
  statement,
  because: "it is not so",
  values: "bits",
  derivatives: "exact",
  ops: on,
  rewrite,
  laws: [],
});

export const BROKEN_RULES: readonly AlgebraRule[] = [
  rule("x · c = x", [ops.Mul], ({ parents: [a, b], constant }) => (constant(b!) === null ? null : a!)),
  rule("x + (-y) = y - x", [ops.Add], ({ parents: [a, b], of }) =>
    of(b!).op === ops.Neg ? { op: ops.Sub, parents: [of(b!).parents[0]!, a!] } : null,
  ),
  rule("x - y = x + y", [ops.Sub], ({ parents }) => ({ op: ops.Add, parents })),
  rule("scale(t, d) = t d, which 0 · ∞ shows", [ops.Scale], ({ parents }) => ({ op: ops.Mul, parents })),
  rule("x / c = x (1/c), rounded", [ops.Div], ({ node: { dtype }, parents: [a, b], constant }) => {
    const c = constant(b!);
    if (c === null || dtype !== "float64") return null;
    const inverse = ops.fromData(
      c.shape,
      dtype,
      Float64Array.from(c.data, (x) => 1 / x),
    );
    return { op: ops.Mul, parents: [a!, inverse] };
  }),
  rule("x - (-0) = x, which -0 shows", [ops.Sub], ({ parents: [a, b], constant }) =>
    constant(b!)?.data[0] === 0 ? a! : null,
  ),
  rule("stop(x) = x, which only derivatives show", [ops.StopGradient], ({ parents: [a] }) => a!),
  rule("where(c, a, b) = a", [ops.Where], ({ parents: [, a] }) => a!),
  rule("|x| = x", [ops.Abs], ({ parents: [a] }) => a!),
  rule("(xᵀ)ᵀ = x, in whatever order", [ops.Transpose], ({ parents: [a], of }) =>
    of(a!).op === ops.Transpose ? of(a!).parents[0]! : null,
  ),
  rule("x - x = 0", [ops.Sub], ({ node: { shape, dtype }, parents: [a, b] }) =>
    a === b ? { op: ops.StopGradient, parents: [ops.filled(shape, dtype, 0)] } : null,
  ),
  rule("√(x²) = |x|", [ops.Sqrt], ({ parents: [a], of }) =>
    of(a!).op === ops.Square ? { op: ops.Abs, parents: of(a!).parents } : null,
  ),
  rule("flip(x, any axes) twice = x", [ops.Flip], ({ parents: [a], of }) =>
    of(a!).op === ops.Flip || (of(a!).shape.length > 1 && of(a!).op !== null)
      ? (of(a!).parents[0] ?? null)
      : null,
  ),
  rule(
    "relu(x) = maximum(x, 0), which its slope at 0 shows",
    [ops.Relu],
    ({ node: { dtype }, parents: [a] }) => ({
      op: ops.Maximum,
      parents: [a!, ops.filled([], dtype, 0)],
    }),
  ),
];

/** Of those that keep values up to rounding. */
export const BROKEN_ROUNDING_RULES: readonly AlgebraRule[] = [
  rule("Σ c = c, as for a mean", [ops.Sum], ({ parents: [a], of }) =>
    of(a!).op === ops.BroadcastTo ? of(a!).parents[0]! : null,
  ),
  rule("mean x = Σ x", [ops.Mean], ({ node, parents }) => ({ op: ops.Sum, params: node.params, parents })),
  rule("Σ (x - y) = 0, whatever y is", [ops.Sum], ({ node: { shape, dtype }, parents: [a], of }) =>
    of(a!).op === ops.Sub ? ops.filled(shape, dtype, 0) : null,
  ),
  rule("c / x = c x", [ops.Div], ({ parents: [a, b], constant }) =>
    constant(a!) === null ? null : { op: ops.Mul, parents: [a!, b!] },
  ),
  rule("x + x = x", [ops.Add], ({ parents: [a, b] }) => (a === b ? a! : null)),
  rule("√(x²) = x", [ops.Sqrt], ({ parents: [a], of }) =>
    of(a!).op === ops.Square ? of(a!).parents[0]! : null,
  ),
];
