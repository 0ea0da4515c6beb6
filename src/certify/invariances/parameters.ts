/** How a layer depends on its parameters: linearly, homogeneously, as a shift of the result. */
import {
  ArgumentError,
  type Axes,
  describe,
  type Inputs,
  normalizeAxes,
  scalar,
  sizeOf,
} from "../../../graph/index.ts";
import { add, mul, reshape, sum } from "../../../ops/index.ts";
import { farthestRelative } from "./entries.ts";
import { EXACT, type Identity, type Invariance, inner, norm, sameGradient, sameValues } from "./identity.ts";
import { type At, checkedAxes, checkedRef, type InputRef, replaced } from "./layer.ts";

/** Factors of a linear combination: no powers of two, signs unlike, no sum of 0 or 1. */
const [A, B] = [0.7, -1.3];

/** In every pullback: what comes back is linear in ȳ. Checked of any layer, declared or not. */
export const linearVjp: Invariance = {
  name: "any gradient",
  identities(at) {
    const other = at.y.map((t, i) => at.draw(t.shape, `second cotangent ${i}`));
    const both = at.run(at.x, combined(at.yBar, other)).xBar;
    const expected = combined(at.xBar, at.run(at.x, other).xBar);
    return both.map((t, k) => sameGradient(at, k, "x̄ is linear in ȳ", t, expected[k]!));
  },
};

/**
 * f is linear in these inputs together, the others held fixed, as y = γ xHat + β is in γ and β. Then
 * <γ̄, γ> + <β̄, β> = <ȳ, y>, γ̄ and β̄ depend on neither, and the other gradients are linear in both.
 */
export function linearIn(...of: readonly [InputRef, ...InputRef[]]): Invariance {
  for (const one of of) checkedRef("linearIn", one);
  if (of.length === 0) throw new ArgumentError("linearIn", "at least one input", "none");
  const theta = of.join(", ");
  return {
    name: `linearIn(${theta})`,
    identities(at) {
      const chosen = of.map((one) => at.place(one));
      const elsewhere = at.x.map((t, k) => (chosen.includes(k) ? at.draw(t.shape, `parameter ${k}`) : t));
      const between = at.x.map((t, k) => (chosen.includes(k) ? add(mul(A, t), mul(B, elsewhere[k]!)) : t));
      const there = at.run(elsewhere, at.yBar);
      const mixed = at.run(between, at.yBar);
      const expected = combined(at.xBar, there.xBar);
      return [
        ...sameValues(`f is linear in ${theta}`, mixed.y, combined(at.y, there.y)),
        sameProduct(at, chosen, 1),
        ...at.xBar.map((t, k) =>
          chosen.includes(k)
            ? sameGradient(at, k, `its gradient depends on none of ${theta}`, there.xBar[k]!, t)
            : sameGradient(at, k, `its gradient is linear in ${theta}`, mixed.xBar[k]!, expected[k]!),
        ),
      ];
    },
  };
}

/**
 * f(a x) = a^degree f(x) for a > 0. Then <x̄, x> = degree <ȳ, y> (Euler), and at a x the gradient is a^(degree - 1) x̄.
 */
export function homogeneous(of: InputRef, degree: number): Invariance {
  checkedRef("homogeneous", of);
  if (!Number.isFinite(degree)) throw new ArgumentError("homogeneous", "a finite degree", describe(degree));
  return {
    name: `homogeneous(${of}, ${degree})`,
    identities(at) {
      const k = at.place(of);
      const a = 1.7;
      const { y, xBar } = at.run(replaced(at.x, k, mul(at.x[k]!, a)), at.yBar);
      const power = a ** degree;
      return [
        ...sameValues(
          `f(a x) = a^${degree} f(x)`,
          y,
          at.y.map((t) => mul(t, power)),
        ),
        sameProduct(at, [k], degree),
        ...xBar.map((t, i) => {
          const says =
            i === k ? `at a x the gradient is a^${degree - 1} x̄` : `at a x the gradient is a^${degree} of it`;
          return sameGradient(at, i, says, t, mul(at.xBar[i]!, i === k ? power / a : power));
        }),
      ];
    },
  };
}

/**
 * f(.., β + c) = f(.., β) + c, with β laid along all axes of the result but `axes`. Then β̄ is ȳ summed over `axes`, and
 * the other gradients do not depend on β.
 *
 * @param axes the axes of the result that β is repeated along: 0 for batch norm of [N, D]
 * @throws ArgumentError (when checked) where there are several results, or β does not have the other axes' size
 */
export function translationOf(of: InputRef, axes: Axes): Invariance {
  checkedRef("translationOf", of);
  checkedAxes("translationOf", axes);
  return {
    name: `translationOf(${of})`,
    identities(at) {
      const k = at.place(of);
      const beta = at.x[k]!;
      const y = at.y[0]!;
      const over = normalizeAxes("translationOf", axes, y.rank);
      const kept = y.shape.map((n, i) => (over.includes(i) ? 1 : n));
      if (at.y.length !== 1 || sizeOf(kept) !== beta.size) {
        const expected = `one result, that summed over axes [${over}] has ${beta.size} numbers as ${at.names[k]} has`;
        const got = `${at.y.length} ${at.y.length === 1 ? "result" : "results"}, [${y.shape}] summed to [${kept}]`;
        throw new ArgumentError("translationOf", expected, got);
      }
      const c = at.draw(beta.shape, "translation");
      const { y: moved, xBar } = at.run(replaced(at.x, k, add(beta, c)), at.yBar);
      const total = reshape(sum(at.yBar[0]!, over, { keepDims: true }), beta.shape);
      return [
        ...sameValues("f(β + c) = f(β) + c", moved, [add(y, reshape(c, kept))]),
        ...xBar.map((t, i) =>
          i === k
            ? sameGradient(at, i, `β̄ is the sum of ȳ over [${over}]`, at.xBar[i]!, total)
            : sameGradient(at, i, "its gradient does not depend on β", t, at.xBar[i]!),
        ),
      ];
    },
  };
}

/** The sum of <x̄, x> over these inputs is degree <ȳ, y>. */
function sameProduct({ x, xBar, y, yBar, names }: At, of: readonly number[], degree: number): Identity {
  const value = inner(
    of.map((k) => xBar[k]!),
    of.map((k) => x[k]!),
  );
  return {
    says: degree === 1 ? "<x̄, x> = <ȳ, y>" : `<x̄, x> = ${degree} <ȳ, y>`,
    of: of.map((k) => names[k]!).join(" and "),
    difference: farthestRelative(scalar(value), scalar(degree * inner(yBar, y)), norm(yBar) * norm(y)),
    tolerance: EXACT,
  };
}

function combined(a: Inputs, b: Inputs): Inputs {
  return a.map((t, k) => add(mul(A, t), mul(B, b[k]!)));
}
