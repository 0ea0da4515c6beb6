/** Invariance under scaling, which eps spoils, and what that is good for. */
import { ArgumentError, type Axes, describe, filled, scalar, type Tensor } from "../../../graph/index.ts";
import { checkedOptions } from "../../../graph/options.ts";
import { abs, add, divOrZero, mean, mul, sqrt, square, sub, sum, tanh } from "../../../ops/index.ts";
import { type Extrapolation, ridders } from "../ridders.ts";
import { farthest, farthestRelative, largest } from "./entries.ts";
import { EXACT, type Identity, type Invariance, inner, norm, sameValues } from "./identity.ts";
import { type At, checkedAxes, checkedRef, type InputRef, replaced } from "./layer.ts";
import { along, KEEP, rounding, shown } from "./slots.ts";

export interface ScaleOptions {
  /** The input that is scaled; the first. */
  readonly of?: InputRef;
  /** What the layer adds to its variance, 1e-5; 0 for a layer that is invariant exactly. */
  readonly eps?: number;
  /** What x is scaled about: its mean over the axes, or the origin (root mean square norm, x / |x|). */
  readonly about?: "mean" | "origin";
}

/**
 * f(m + a (x - m)) = f(x), with m the mean of x over `axes` and a > 0 constant along them. Then <x̄, x - m> = 0 over
 * them.
 *
 * Both hold up to the layer's eps only, so the slack is eps over the smallest variance (four times that for the
 * values). How far f itself is from being invariant shows in its values, though: <x̄, w (x - m)> must be exactly the
 * slope of <ȳ, f> along w (x - m), which is so nearly flat that differences of f give it to the last digits. That tells
 * a gradient that forgot eps from one that did not.
 *
 * All of this is true of 1.0001 x̄ too, or nearly: where one side is 0, or both have x̄ in them, a factor goes unseen,
 * and that slope is eps / variance of x̄. So it is looked at once more where x is drawn together until its variance is
 * eps, and the slope as large as x̄. Of a layer that is exactly invariant (eps: 0), no identity tells how large x̄ is.
 */
export function scaleInvariant(axes: Axes, options: ScaleOptions = {}): Invariance {
  const {
    of = 0,
    eps = 1e-5,
    about = "mean",
  } = checkedOptions("scaleInvariant", options, ["of", "eps", "about"]);
  checkedAxes("scaleInvariant", axes);
  checkedRef("scaleInvariant", of);
  if (typeof eps !== "number" || !(eps >= 0 && eps < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError("scaleInvariant", "eps to be a finite number >= 0", describe(eps));
  }
  if (about !== "mean" && about !== "origin") {
    throw new ArgumentError("scaleInvariant", 'about to be "mean" or "origin"', describe(about));
  }
  const centre = about === "mean" ? "m" : "0";
  return {
    name: `scaleInvariant(${shown(axes)})`,
    identities(at) {
      const { k, x, over, slots } = along("scaleInvariant", at, axes, of);
      const m = about === "mean" ? mean(x, over, KEEP) : scalar(0);
      const u = sub(x, m);
      const variances = [...mean(square(u), over, KEEP).data].map(Number).filter((v) => v > 0);
      const slack = variances.length === 0 ? 0 : eps / Math.min(...variances);
      const w = at.draw(slots, "weights");
      const narrow = mul(u, divOrZero(Math.sqrt(eps), sqrt(mean(square(u), over, KEEP))));
      const there = movedTo(at, k, add(m, narrow));
      const a = add(1.5, mul(0.5, tanh(at.draw(slots, "factor"))));
      const xBar = at.xBar[k]!;
      const products = mul(xBar, u);
      const sizes = add(sum(abs(products), over, KEEP), norm(at.yBar) * norm(at.y));
      const tolerance = slack + rounding(x, over);
      const moved = at.value(replaced(at.x, k, add(m, mul(a, u))));
      return [
        ...sameValues(`f(${centre} + a (x - ${centre})) = f(x)`, moved, at.y, 4 * tolerance),
        {
          says: `<x̄, x - ${centre}> = 0 over ${shown(over)}, up to eps`,
          of: at.names[k]!,
          difference: farthest(
            sum(products, over, KEEP),
            filled(slots, "float64", 0),
            (v, _, i) => Math.abs(v) / sizes.data[i]!,
          ),
          tolerance,
        },
        ...sameSlope(
          at,
          k,
          w,
          u,
          `<x̄, w (x - ${centre})> is as small as the change of <ȳ, f>`,
          rounding(x, over),
        ),
        ...(eps === 0
          ? []
          : sameSlope(
              there,
              k,
              w,
              narrow,
              `where x has variance eps, <x̄, w (x - ${centre})> is the change of <ȳ, f>`,
              EXACT + (256 * Number.EPSILON * largest(there.x[k]!)) / Math.sqrt(eps),
            )),
      ];
    },
  };
}

/** The same layer and cotangent, with input k elsewhere. */
function movedTo(at: At, k: number, x: Tensor): At {
  const all = replaced(at.x, k, x);
  return { ...at, x: all, ...at.run(all, at.yBar) };
}

/**
 * <x̄, w u> is the slope of <ȳ, f> along w u.
 *
 * @param noise what rounding makes of the values, relative
 * @returns nothing where differences do not tell, because f bends too sharply there
 */
function sameSlope(at: At, k: number, w: Tensor, u: Tensor, says: string, noise: number): Identity[] {
  const x = at.x[k]!;
  const d = mul(w, u);
  const phi = (t: number): number => inner(at.yBar, at.value(replaced(at.x, k, add(x, mul(d, t)))));
  const size = norm([at.xBar[k]!]) * norm([d]) + 1e-4 * norm(at.yBar) * norm(at.y);
  const { value, error } = slopeOf(phi, 0.1 / (largest(w) || 1), size);
  if (Number.isFinite(size) && !(error <= CONVERGED * size)) return [];
  return [
    {
      says,
      of: at.names[k]!,
      difference: farthestRelative(scalar(inner([at.xBar[k]!], [d])), scalar(value), size),
      // Ten times what each could lose alone: an extrapolation may be several times worse than it says.
      tolerance: 10 * (noise + error / size),
    },
  ];
}

/** By differences over which no slot shrinks or grows by more than a tenth; by less where f bends sharply. */
function slopeOf(phi: (t: number) => number, step: number, size: number): Extrapolation {
  let best = ridders(phi, step);
  for (let part = 0.1; part > 1e-4 && !(best.error <= CLEAR * size); part /= 10) {
    const next = ridders(phi, step * part);
    if (next.error < best.error) best = next;
  }
  return best;
}

/** A table whose own error is below this needs no second one. */
const CLEAR = 1e-8;

/** One whose own error is above this has not converged. */
const CONVERGED = 1e-6;
