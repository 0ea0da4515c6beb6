/** Who made the first number that is not finite: op, inputs, the user's line, and the way to the parameter. */
import { label, pathFrom, refAt, refOf, refsOf } from "./ancestry.ts";
import { isFloat } from "./dtype.ts";
import { type InputFacts, NonFiniteError } from "./errors.ts";
import { watch, withWatch } from "./origin.ts";
import type { AnyPrimitive, MaybeZero } from "./primitive.ts";
import { numberText } from "./print/number.ts";
import { sameShape } from "./shape.ts";
import type { Node } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

/**
 * What f returns, unless an op that it applies, or a walk in it, makes a number that is not finite.
 *
 * The first op whose value, tangent or cotangent holds NaN or an infinity throws; so does the leaf, if it came in with
 * one and an op let it through. What a rule computes on its way is its own business: only the tangent or cotangents
 * that it returns are looked at, so a dead branch of `where`, whose cotangent is 0, is not blamed for its slope. (Its
 * value and its tangent come before anybody knows that they will be dropped: they are.) Origins are tracked meanwhile
 * (see `trackOrigins`), so the error names the user's line.
 *
 *     withBlame(() => grad(loss)(params)); // NonFiniteError: log: ... got -Infinity at [0]; ... path: log <- h <- W2
 *
 * Every number is looked at, which costs a pass over each result. Gradients that vanish are no errors.
 *
 * @throws NonFiniteError at the first number that is not finite
 * @throws ArgumentError for what is no function, or an async one: the mode would end before its work is done
 */
export function withBlame<T>(f: () => T): T {
  return withWatch("withBlame", f, true);
}

/** A rule's work, not looked at until it is done. The arguments apart, so that walks need no closure a step. */
export function unblamed<A extends readonly unknown[], T>(rule: (...args: A) => T, ...args: A): T {
  const before = watch.isBlaming;
  watch.isBlaming = false;
  try {
    return rule(...args);
  } finally {
    watch.isBlaming = before;
  }
}

/** @throws NonFiniteError where y = op(x) is not finite, in the name of whichever came first: op, or what it was given */
export function blameValue(op: AnyPrimitive, x: readonly Tensor[], y: Tensor): void {
  const at = firstBad(y);
  if (at < 0) return;
  const k = x.findIndex((t) => firstBad(t) >= 0);
  if (k >= 0) throw blamedInput(op, x[k]!, k);
  const inputs = x.map((t) => facts(t, y, at));
  throw error(op.name, "value", "its value", y, at, inputs, watch.origin, pathFrom([op.name], x.map(refOf)));
}

/** @throws NonFiniteError where the tangent that a rule gave is not finite */
export function blameTangent(nodes: readonly Node[], node: Node, yDot: MaybeZero): void {
  const at = yDot === null ? -1 : firstBad(yDot);
  if (yDot === null || at < 0) return;
  const inputs = node.parents.map((p) => facts(nodes[p]!.value, yDot, at));
  const path = pathFrom([label(node, 0)], refsOf(nodes, node.parents));
  throw error(node.op!.name, "tangent", "its tangent", yDot, at, inputs, node.origin, path);
}

/** @throws NonFiniteError where the cotangent that a rule gave input k, or the sum that it was added to, is not finite */
export function blameCotangent(nodes: readonly Node[], node: Node, k: number, xBar: MaybeZero): void {
  const at = xBar === null ? -1 : firstBad(xBar);
  if (xBar === null || at < 0) return;
  const inputs = node.parents.map((p) => facts(nodes[p]!.value, xBar, at));
  const path = pathFrom([label(node, 0)], refsOf(nodes, [node.parents[k]!]));
  const what = `its cotangent for input ${k}`;
  throw error(node.op!.name, "cotangent", what, xBar, at, inputs, node.origin, path);
}

/** @throws NonFiniteError where what a caller starts a walk with is not finite */
export function blameSeeds(op: string, which: "tangent" | "cotangent", seeds: readonly MaybeZero[]): void {
  seeds.forEach((d, k) => {
    const at = d === null ? -1 : firstBad(d);
    if (d === null || at < 0) return;
    const path = [`seed ${k}`];
    throw error(op, which, `the ${which} given as seed ${k}`, d, at, [facts(d, d, at)], null, path);
  });
}

/** The earliest that is not finite on the way up from an input: a leaf, or an op applied before the mode was on. */
function blamedInput(user: AnyPrimitive, x: Tensor, k: number): NonFiniteError {
  const names = [user.name];
  let ref = refOf(x);
  while (ref.node !== null) {
    const { node, nodes } = ref;
    const bad = node.parents.find((p) => firstBad(nodes[p]!.value) >= 0);
    if (bad === undefined) break;
    names.push(label(node, ref.index));
    ref = refAt(nodes, bad);
  }
  const { node, value } = ref;
  const at = firstBad(value);
  if (node !== null && node.op !== null) {
    const inputs = node.parents.map((p) => facts(ref.nodes[p]!.value, value, at));
    const path = pathFrom([...names, label(node, ref.index)], refsOf(ref.nodes, node.parents));
    return error(node.op.name, "value", "its value", value, at, inputs, node.origin, path);
  }
  const name = node === null ? (value.name ?? `input ${k} of ${user.name}`) : label(node, ref.index);
  return error(
    "leaf",
    "value",
    name,
    value,
    at,
    [facts(value, value, at)],
    watch.origin,
    [...names, name],
    "first used",
  );
}

function error(
  op: string,
  which: NonFiniteError["which"],
  what: string,
  d: Tensor,
  at: number,
  inputs: readonly InputFacts[],
  origin: string | null,
  path: readonly string[],
  verb = "applied",
): NonFiniteError {
  const value = d.data[at]!;
  const index = indexOf(at, d.shape);
  const remedy = [
    ...(op === "leaf" ? [] : inputs.map(sentence)),
    ...(origin === null ? [] : [`${verb} at ${origin}`]),
    `path: ${path.join(" <- ")}`,
  ].join("; ");
  return new NonFiniteError(
    op,
    `every number of ${what} to be finite`,
    `${numberText(value)} at [${index}] of ${d.dtype}[${d.shape}]`,
    remedy,
    { which, value, index, inputs, origin, path },
  );
}

function sentence({ name, shape, dtype, min, max, at }: InputFacts, k: number): string {
  const range = Number.isNaN(min) ? "" : `, ${numberText(min, dtype)} to ${numberText(max, dtype)}`;
  const here = at === null ? "" : `, ${numberText(at.value, dtype)} at [${at.index}]`;
  return `input ${k}${name === null ? "" : ` (${name})`}: ${dtype}[${shape}]${range}${here}`;
}

/** What an input looks like, and its number at the place of the offence, where it has the offender's shape. */
function facts(t: Tensor, offender: Tensor, at: number): InputFacts {
  const { name, shape, dtype, data } = t;
  let min = Number.NaN;
  let max = Number.NaN;
  for (let i = 0; i < data.length; i++) {
    const v = data[i]!;
    if (!(v >= min)) min = Number.isNaN(v) ? min : v;
    if (!(v <= max)) max = Number.isNaN(v) ? max : v;
  }
  const bad = firstBad(t);
  const i = bad >= 0 ? bad : sameShape(shape, offender.shape) ? at : -1;
  return { name, shape, dtype, min, max, at: i < 0 ? null : { index: indexOf(i, shape), value: data[i]! } };
}

/** Where the first number is that is not finite; -1 if there is none. */
function firstBad({ dtype, data }: Tensor): number {
  if (!isFloat(dtype)) return -1;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return i;
  return -1;
}

function indexOf(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}
