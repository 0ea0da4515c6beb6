import { certify } from "../certify/certify.ts";
import type { Tree } from "../tree.ts";
import { type Asked, negation, type Outcome } from "./outcome.ts";

/** A function's derivatives at these inputs are certified: see `certify`. Fails with the report. */
export function toHaveCorrectGradients(
  this: Asked,
  f: (...x: readonly unknown[]) => Tree,
  ...x: readonly unknown[]
): Outcome {
  const report = certify(f, ...x);
  return {
    pass: report.verdict === "agrees",
    message: () => `expected the gradients ${negation(this)}to be correct\n\n${report}`,
  };
}
