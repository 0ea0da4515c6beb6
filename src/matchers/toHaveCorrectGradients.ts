import { inNameOf } from "../../graph/errors.ts";
import { certify } from "../certify/certify.ts";
import type { Tree } from "../tree.ts";
import { type Asked, negation, type Outcome } from "./outcome.ts";

/**
 * A function's derivatives at these inputs are certified: see `certify`. Fails with the report.
 *
 * Where nothing was shown (a kink, a derivative that vanishes, a function that is none) both the assertion and its
 * negation fail: `.not` means that a gradient has been found wrong.
 */
export function toHaveCorrectGradients(this: Asked, actual: unknown, ...x: readonly unknown[]): Outcome {
  const report = inNameOf("toHaveCorrectGradients", () =>
    certify(actual as (...x: readonly unknown[]) => Tree, ...x),
  );
  const { verdict, subject } = report;
  return {
    pass: this.isNot === true ? verdict !== "disagrees" : verdict === "agrees",
    message: () => `expected the gradients of ${subject} ${negation(this)}to be correct\n\n${report}`,
  };
}
