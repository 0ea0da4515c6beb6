import { type Node, type Spec, Tensor } from "../../../graph/index.ts";
import type { Application, Replacement } from "./rule.ts";

/** Shapes and dtypes of what has been looked at: an application is asked about many times while it is put together. */
const known = new WeakMap<Application, Spec>();

/** What it would be, if it were there. */
export function specOf(of: (id: number) => Node, part: Replacement): Spec {
  if (typeof part === "number") return of(part);
  if (part instanceof Tensor) return part;
  let spec = known.get(part);
  if (spec === undefined) {
    const { op, params, parents } = part;
    const x = parents.map((p) => specOf(of, p));
    spec = { shape: op.shape(x, params), dtype: op.dtype(x, params) };
    known.set(part, spec);
  }
  return spec;
}
