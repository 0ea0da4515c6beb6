import type { ScalarFunction } from "../../graph/lowering.ts";
import { eq, le, lt, ne } from "./scalar.ts";

const PREDICATES: ReadonlySet<ScalarFunction> = new Set(
  [eq, ne, lt, le].flatMap((make) => {
    const formula = make(0, 0);
    return formula.kind === "call" ? [formula.fn] : [];
  }),
);

/** Whether a function's values are truth: 1 and 0. */
export function isPredicate(fn: ScalarFunction): boolean {
  return PREDICATES.has(fn);
}
