/** Invariances under movements of an input: shifts, scalings, permutations. */
import {
  ArgumentError,
  type Axes,
  AxisError,
  describe,
  filled,
  normalizeAxes,
  scalar,
  type Tensor,
} from "../../../graph/index.ts";
import { checkedOptions } from "../../../graph/options.ts";
import { abs, add, mean, mul, square, sub, sum, take, tanh } from "../../../ops/index.ts";
import { ridders } from "../ridders.ts";
import { farthest, farthestRelative, largest } from "./entries.ts";
import {
  EXACT,
  floorOf,
  type Identity,
  type Invariance,
  inner,
  norm,
  sameGradient,
  sameValues,
  spread,
} from "./identity.ts";
import { type At, checkedAxes, checkedRef, type InputRef, replaced } from "./layer.ts";

const KEEP = { keepDims: true } as const;

/**
 * f(x + c) = f(x) for any c that is constant along `axes`. Then x̄ adds to 0 over them.
 *
 * @param axes those that the layer takes its mean over: 0 for batch norm of [N, D], [0, 2, 3] for NCHW
 * @param of the input that is shifted; the first
 */
export function shiftInvariant(axes: Axes, of: InputRef = 0): Invariance {
  checkedAxes("shiftInvariant", axes);
  checkedRef("shiftInvariant", of);
  return {
    name: `shiftInvariant(${shown(axes)})`,
    identities(at) {
      const { k, x, over, slots } = along("shiftInvariant", at, axes, of);
      const c = mul(at.draw(slots, "shift"), spread(x) || 1);
      const xBar = at.xBar[k]!;
      const sizes = add(sum(abs(xBar), over, KEEP), floorOf(at, k));
      const total = sum(xBar, over, KEEP);
      return [
        ...sameValues("f(x + c) = f(x)", at.value(replaced(at.x, k, add(x, c))), at.y, rounding(x)),
        {
          says: `x̄ adds to 0 over ${shown(over)}`,
          of: at.names[k]!,
          difference: farthest(total, filled(slots, "float64", 0), (v, _, i) => Math.abs(v) / sizes.data[i]!),
          tolerance: rounding(x),
        },
      ];
    },
  };
}

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
 * Both hold up to the layer's eps only, so the slack is eps over the smallest variance (four times that for the values). How far f itself is from being
 * invariant shows in its values, though: <x̄, w (x - m)> must be exactly the slope of <ȳ, f> along w (x - m), which is
 * so nearly flat that differences of f give it to the last digits. That tells a gradient that forgot eps from one that
 * did not.
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
      const a = add(1.5, mul(0.5, tanh(at.draw(slots, "factor"))));
      const xBar = at.xBar[k]!;
      const products = mul(xBar, u);
      const sizes = add(sum(abs(products), over, KEEP), norm(at.yBar) * norm(at.y));
      const tolerance = slack + rounding(x);
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
        asFlatAsItsValues(at, k, at.draw(slots, "weights"), u, centre),
      ];
    },
  };
}

/** <x̄, w u> is the slope of <ȳ, f> along w u, a direction in which f hardly changes. */
function asFlatAsItsValues(at: At, k: number, w: Tensor, u: Tensor, centre: string): Identity {
  const x = at.x[k]!;
  const d = mul(w, u);
  const phi = (t: number): number => inner(at.yBar, at.value(replaced(at.x, k, add(x, mul(d, t)))));
  // No slot shrinks or grows by more than a tenth: f bends where it would shrink to nothing.
  const step = 0.1 / (largest(w) || 1);
  const { value, error } = ridders(phi, step);
  const size = norm([at.xBar[k]!]) * norm([d]) + 1e-4 * norm(at.yBar) * norm(at.y);
  return {
    says: `<x̄, w (x - ${centre})> is as small as the change of <ȳ, f>`,
    of: at.names[k]!,
    difference: farthestRelative(scalar(inner([at.xBar[k]!], [d])), scalar(value), size),
    // Ten times what each could lose alone: an extrapolation may be several times worse than it says.
    tolerance: 10 * (rounding(x) + Math.min(error / size, 1e-6)),
  };
}

/**
 * f(P x) = P f(x) for any permutation P along `axis`: the examples of a batch are a set. Then the gradient at P x for
 * P ȳ is P x̄, and those of the other inputs do not change.
 *
 * @param of the inputs that have the axis (labels too, say); the first. Every result must have it.
 */
export function permutationEquivariant(axis: number, of: InputRef | readonly InputRef[] = 0): Invariance {
  if (!Number.isInteger(axis)) throw new AxisError("permutationEquivariant", "an axis", describe(axis));
  const refs = Array.isArray(of) ? of : [of];
  if (refs.length === 0) throw new ArgumentError("permutationEquivariant", "at least one input", "none");
  for (const one of refs) checkedRef("permutationEquivariant", one);
  return {
    name: `permutationEquivariant(${axis})`,
    identities(at) {
      const moving = (typeof of === "object" ? of : [of]).map((one) => at.place(one, "any"));
      const n = sizeAlong(at, axis, moving);
      const keys = at.draw([n], "permutation").data;
      const order = Array.from({ length: n }, (_, i) => i).sort(
        (i, j) => Number(keys[i]!) - Number(keys[j]!),
      );
      const permuted = (t: Tensor): Tensor => take(t, order, axis);
      const x = at.x.map((t, k) => (moving.includes(k) ? permuted(t) : t));
      const { y, xBar } = at.run(x, at.yBar.map(permuted));
      const tolerance = Math.max(...moving.map((k) => rounding(at.x[k]!)));
      return [
        ...sameValues("f(P x) = P f(x)", y, at.y.map(permuted), tolerance),
        ...xBar.map((t, k) => {
          const isMoved = moving.includes(k);
          const says = isMoved ? "at P x for P ȳ the gradient is P x̄" : "P leaves the gradient as it was";
          return sameGradient(at, k, says, t, isMoved ? permuted(at.xBar[k]!) : at.xBar[k]!, tolerance);
        }),
      ];
    },
  };
}

function sizeAlong({ x, y }: At, axis: number, moving: readonly number[]): number {
  const lengths = [...moving.map((k) => x[k]!), ...y].map(
    (t) => t.shape[normalizeAxes("permutationEquivariant", axis, t.rank)[0]!]!,
  );
  if (lengths.every((n) => n === lengths[0])) return lengths[0]!;
  const expected = `inputs and results of one length along axis ${axis}`;
  throw new ArgumentError("permutationEquivariant", expected, `lengths ${lengths.join(", ")}`);
}

interface Along {
  readonly k: number;
  readonly x: Tensor;
  readonly over: readonly number[];
  /** x's shape with ones for the axes: one number for each slot that the layer treats by itself. */
  readonly slots: readonly number[];
}

function along(op: string, at: At, axes: Axes, of: InputRef): Along {
  const k = at.place(of);
  const x = at.x[k]!;
  const over = normalizeAxes(op, axes, x.rank);
  return { k, x, over, slots: x.shape.map((n, i) => (over.includes(i) ? 1 : n)) };
}

/** A mean that is large against the spread takes digits from whatever is invariant under shifts. */
function rounding(x: Tensor): number {
  const width = spread(x);
  return EXACT + (width > 0 ? (64 * Number.EPSILON * largest(x)) / width : 0);
}

function shown(axes: Axes): string {
  return typeof axes === "number" ? `${axes}` : `[${axes.join(", ")}]`;
}
