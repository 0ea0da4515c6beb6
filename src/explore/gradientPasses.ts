import { isFloat, named, type Tensor } from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import { ALGEBRA_RULES, REASSOCIATION_RULES, simplify, ZERO_RULES } from "../compile/simplify/index.ts";
import { vjp } from "../transforms/derivatives.ts";
import { record } from "../transforms/record.ts";
import { type AllTraced, flatten, flattenResult, type Tree } from "../tree.ts";
import type { Pass } from "./passReplay.ts";

/**
 * What the passes of `simplify` do to the program of f's gradient at x: from cotangents of the result (`yBar`) and the
 * inputs to cotangents of the inputs. `exploreWith({ passes })` replays them.
 *
 * Rules that round otherwise are among them: by these a composed normalisation's gradient comes to what one derives by
 * hand.
 *
 * None where an input, or the result, has no derivative.
 *
 * @throws ArgumentError where an input or the result is no tree of tensors
 */
export function gradientPasses<X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  ...x: X
): readonly Pass[] {
  checkedFunction("gradientPasses", "f", f);
  const inputs = flatten<AllTraced<X>>("gradientPasses", "input ", x);
  const hasDerivative = (leaves: readonly Tensor[]): boolean => leaves.every(({ dtype }) => isFloat(dtype));
  if (inputs.leaves.length === 0 || !hasDerivative(inputs.leaves)) return [];
  const y = flattenResult<Y>("gradientPasses", f(...inputs.rebuild(inputs.leaves)));
  if (!hasDerivative(y.leaves)) return [];
  const flat = (...t: Tensor[]): readonly Tensor[] =>
    flattenResult<Y>("gradientPasses", f(...inputs.rebuild(t))).leaves;
  const count = y.leaves.length;
  // Any cotangent will do: the program is the same for all.
  const bars = y.leaves.map((t, k) => named(t, count === 1 ? "yBar" : `y${k + 1}Bar`));
  const program = record(
    (...t: Tensor[]) => vjp<Tensor[], readonly Tensor[]>(flat, ...t.slice(count))[1](t.slice(0, count)),
    ...bars,
    ...inputs.leaves,
  );
  return simplify(program, { rules: [...ALGEBRA_RULES, ...ZERO_RULES, ...REASSOCIATION_RULES] }).steps;
}
