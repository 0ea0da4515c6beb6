import { type Inputs, isFloat, type Primitive, type Spec, trace } from "../../graph/index.ts";
import { checkedInteger, checkedOptions, checkedSeed } from "../../graph/options.ts";
import { sub } from "../../ops/index.ts";
import type { AllTraced, Tree } from "../tree.ts";
import { B, entrywise, norm } from "./checks.ts";
import { float32Check } from "./float32.ts";
import { derivativeOf, gradientFinding, type Setting, settingOf } from "./gradient.ts";
import { isPure, purityOf } from "./purity.ts";
import { type Check, type Finding, findingOf, type Report, reportOf, worstOf } from "./report.ts";
import {
  type Anything,
  assertFloatInput,
  assertFloatResult,
  outputsOf,
  referenceOf,
  type Subject,
  subjectOf,
} from "./subject.ts";

export interface CertifyOptions<P = unknown> {
  /** Of the directions; a report names the one that it was made with. */
  readonly seed?: number;
  /** The highest order of derivative: 1, 2 (unless said otherwise) or 3. */
  readonly order?: 1 | 2 | 3;
  /** For a primitive: the parameters that it is applied with. */
  readonly params?: P;
}

/** What can be certified at x: a function of trees of tensors, or a primitive. */
export type Certifiable<X extends readonly unknown[], P> =
  | ((...x: AllTraced<X>) => Tree)
  | Primitive<Extract<AllTraced<X>, Inputs>, P>;

/**
 * Whether a function's derivatives at x are right, and to how many digits, by witnesses that share as little as can be:
 *
 * A. vjp against jvp: <ȳ, J ẋ> = <Jᵀ ȳ, ẋ> for random signed directions, 1e-10;
 * B. where fused ops are in it: value and gradients against those of their references, entry by entry, 1e-10;
 * C. vjp against Ridders-extrapolated differences, 1e-8 and five times their own error estimate;
 * D. the same of the vjp itself, a function too: second order, where also the Hessian has to be symmetric, to 1e-10;
 * E. A again, entry by entry of the whole Jacobian where this is small enough, 1e-10; and if anything objects, which
 *    entry of it is worst (or of the gradient, where the Jacobian has 4,096 entries or more);
 * F. kinks and infinities are a verdict of their own, with the slopes from both sides;
 * G. a scalar function whose derivative vanishes has shown nothing, and is not passed;
 * H. called twice it gives the same bits, and inputs are left as they were.
 *
 * Each input is judged by itself, each order too; a higher order is not looked at where a lower one disagrees.
 * float32 inputs are taken in float64, because a float32 difference proves nothing; where fused ops are in it, they
 * must also be about as near to that in float32 as their references are. int32 and bool inputs are held fixed, which
 * the report says. Generators (`random`, `numpyRandom`) may be among the inputs: each call starts from where they stand.
 *
 * @param subject a function of trees of tensors, or a primitive without parameters (see {@link certifyWith})
 * @param x where to look
 * @throws ArgumentError where an input or the result is no tree of tensors
 * @throws NotDifferentiableError where there is no float input, or no float result
 */
export function certify<X extends readonly unknown[]>(subject: Certifiable<X, void>, ...x: X): Report {
  return certified(subjectOf(subject as Anything, x, undefined), {});
}

/** {@link certify} with a seed for its directions, an order, or a primitive's parameters. */
export function certifyWith<X extends readonly unknown[], P = void>(
  options: CertifyOptions<P>,
  subject: Certifiable<X, P>,
  ...x: X
): Report {
  const { seed = 1, order = 2, params } = checkedOptions("certifyWith", options, ["seed", "order", "params"]);
  checkedSeed("certifyWith", seed);
  checkedInteger("certifyWith", "order", order, 1, 3);
  return certified(subjectOf(subject as Anything, x, params, "certifyWith"), { seed, order });
}

function certified(subject: Subject, { seed = 1, order = 2 }: CertifyOptions): Report {
  const { name, f, leaves, given, names, held } = subject;
  assertFloatInput(subject);
  const tape = trace(f, leaves, true);
  const y = outputsOf(tape);
  assertFloatResult(subject, y);

  const pure = purityOf(subject, tape, seed);
  const about = { input: "value", shape: [...y[0]!.shape], dtype: y[0]!.dtype, order: 0 };
  if (!isPure(pure)) return reportOf(name, seed, [findingOf(about, pure, "impure")], held);

  const reference = referenceOf(tape, leaves);
  const first = settingOf({ f, leaves, tape, reference, seed, names });
  const values = reference === null ? [] : valueChecks(y, outputsOf(reference), outputsOf(first.near()));
  const findings: Finding[] = [
    findingOf(about, values.length === 0 ? pure : [worstOf(values), ...pure], null),
  ];

  let setting: Setting = first;
  for (;;) {
    leaves.forEach((leaf, k) => {
      if (!isFloat(leaf.dtype) || leaf.size === 0) return;
      const single = setting.order === 1 ? float32Check(subject, k, setting) : null;
      const spec = specOf(given[k]!);
      findings.push(
        gradientFinding(setting, k, { ...spec, input: names[k]! }, single === null ? [] : [single]),
      );
    });
    const isDoubted = findings.some(({ verdict }) => verdict !== "agrees");
    if (setting.order >= order || isDoubted) return reportOf(name, seed, findings, held);
    setting = derivativeOf(setting);
  }
}

/** @param near the reference's, with rounding errors put in */
function valueChecks(y: Inputs, reference: Inputs, near: Inputs): Check[] {
  return reference.map((t, k) => entrywise(B, y[k]!, t, norm(y), sub(near[k]!, t)));
}

function specOf({ shape, dtype }: Spec): Spec {
  return { shape: [...shape], dtype };
}
