import {
  type AnyPrimitive,
  ArgumentError,
  describe,
  isFloat,
  type Spec,
  sameShape,
} from "../../graph/index.ts";
import { type Difference, farthestRelative } from "../certify/invariances/entries.ts";
import { floorOf } from "../certify/invariances/identity.ts";
import { at } from "../certify/invariances/layer.ts";
import { type Anything, type Subject, subjectOf } from "../certify/subject.ts";
import type { Tree } from "../tree.ts";
import { type Asked, negation, type Outcome } from "./outcome.ts";

/** A function of trees of tensors, or an op that needs no parameters. */
export type Layer = ((...x: never[]) => Tree) | AnyPrimitive;

const TOLERANCE = 1e-10;

/** Random cotangents: one alone might be blind to a difference. */
const DRAWS = 2;

/**
 * Two ways to write one function agree entry by entry, in their values and in every gradient (for random cotangents),
 * to 1e-10 of the largest entry. float32 inputs are taken in float64.
 */
export function toAgreeWith(
  this: Asked,
  actual: unknown,
  reference: Layer,
  ...x: readonly unknown[]
): Outcome {
  const ours = layerOf(actual, x);
  const theirs = layerOf(reference, x);
  const because = disagreement(ours, theirs);
  const said = `expected ${ours.name} ${negation(this)}to agree with ${theirs.name} to ${TOLERANCE}`;
  return {
    pass: because === null,
    message: () => `${said}: ${because ?? "values and all gradients do"}`,
  };
}

function layerOf(layer: unknown, x: readonly unknown[]): Subject {
  const isOp = typeof layer === "object" && layer !== null && "kernel" in layer;
  if (!isOp && typeof layer !== "function") {
    throw new ArgumentError("toAgreeWith", "a function or an op", describe(layer));
  }
  return subjectOf(layer as Anything, x, undefined, "toAgreeWith");
}

/** The first thing in which they differ, in words; null where they agree. */
function disagreement(ours: Subject, theirs: Subject): string | null {
  const [y, expected] = [ours.f(...ours.leaves), theirs.f(...theirs.leaves)];
  if (y.length !== expected.length) return `it gives ${y.length} tensors, not ${expected.length}`;
  for (const [i, t] of y.entries()) {
    const what = y.length === 1 ? "the value" : `value ${i}`;
    const e = expected[i]!;
    if (t.dtype !== e.dtype || !sameShape(t.shape, e.shape)) return `${what} is ${kind(t)}, not ${kind(e)}`;
    const said = where(what, farthestRelative(t, e));
    if (said !== null) return said;
  }
  return y.every(({ dtype }) => isFloat(dtype)) ? gradientsDiffer(ours, theirs) : null;
}

function gradientsDiffer(ours: Subject, theirs: Subject): string | null {
  for (let pair = 0; pair < DRAWS; pair++) {
    const mine = at(ours, 1, pair);
    const other = at(theirs, 1, pair);
    for (const [k, e] of other.xBar.entries()) {
      const said = where(
        `the gradient of ${other.names[k]}`,
        farthestRelative(mine.xBar[k]!, e, floorOf(other, k)),
      );
      if (said !== null) return said;
    }
  }
  return null;
}

function where(what: string, { error, worst }: Difference): string | null {
  if (worst === null || error <= TOLERANCE) return null;
  const entry = `entry [${worst.index.join(", ")}] of ${what} is ${worst.value}, expected ${worst.expected}`;
  return `${entry} (differs by ${error.toExponential(1)} of the largest)`;
}

function kind({ dtype, shape }: Spec): string {
  return `${dtype}[${shape}]`;
}
