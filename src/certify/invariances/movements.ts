/** Invariances under movements of an input: shifts and permutations. */
import {
  ArgumentError,
  type Axes,
  AxisError,
  describe,
  filled,
  normalizeAxes,
  type Tensor,
} from "../../../graph/index.ts";
import { abs, add, mul, sum, take } from "../../../ops/index.ts";
import { farthest } from "./entries.ts";
import { floorOf, type Invariance, sameGradient, sameValues, spread } from "./identity.ts";
import { type At, checkedAxes, checkedRef, type InputRef, replaced } from "./layer.ts";
import { along, KEEP, rounding, shown } from "./slots.ts";

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
      const noise = rounding(x, over);
      const c = mul(at.draw(slots, "shift"), spread(x) || 1);
      const xBar = at.xBar[k]!;
      const sizes = add(sum(abs(xBar), over, KEEP), floorOf(at, k));
      const total = sum(xBar, over, KEEP);
      return [
        ...sameValues("f(x + c) = f(x)", at.value(replaced(at.x, k, add(x, c))), at.y, noise),
        {
          says: `x̄ adds to 0 over ${shown(over)}`,
          of: at.names[k]!,
          difference: farthest(total, filled(slots, "float64", 0), (v, _, i) => Math.abs(v) / sizes.data[i]!),
          tolerance: noise,
        },
      ];
    },
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
      const tolerance = Math.max(
        ...moving.map((k) =>
          rounding(at.x[k]!, normalizeAxes("permutationEquivariant", axis, at.x[k]!.rank)),
        ),
      );
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
