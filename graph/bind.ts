import { abstractTensor, isAbstractly } from "./abstract.ts";
import { blameValue } from "./blame.ts";
import { allocate, isFloat } from "./dtype.ts";
import { userFrame, watch } from "./origin.ts";
import type { AnyPrimitive, Inputs, Primitive } from "./primitive.ts";
import { sizeOf } from "./shape.ts";
import type { Node, Tape } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/**
 * Apply a primitive: the one place where ops meet the tape.
 *
 * The innermost open tape among the inputs' takes the op down; the value is computed one level below it, where the
 * next tape out may take it down as well, and so on down to plain numbers.
 */
export function bind<I extends Inputs, P>(op: Primitive<I, P>, x: I, params: P): Tensor {
  return watch.isTracking ? watched(op, x, params) : apply(op, x, params);
}

/** As {@link apply}, for whoever wants to know which line of the user's did it, and whether it went well. */
function watched(op: AnyPrimitive, x: Inputs, params: unknown): Tensor {
  const outer = watch.origin;
  watch.origin = userFrame();
  try {
    const y = apply(op, x, params);
    if (watch.isBlaming) blameValue(op, x, y);
    return y;
  } finally {
    watch.origin = outer;
  }
}

/** Below here arity is data: tuples of inputs have become arrays. */
function apply(op: AnyPrimitive, x: Inputs, params: unknown): Tensor {
  const tape = innermostTape(x);
  return tape === null ? evaluate(op, x, params) : write(tape, op, x, params);
}

/** Compute, off the record. */
function evaluate(op: AnyPrimitive, x: Inputs, params: unknown): Tensor {
  const shape = op.shape(x, params);
  const dtype = op.dtype(x, params);
  if (isAbstractly(x)) return abstractTensor(shape, dtype);
  if (op.lowering.kind === "view") return new Tensor(shape, dtype, x[0]!.storage);
  const data = allocate(dtype, sizeOf(shape));
  op.kernel(x, params, { shape, dtype, data });
  return new Tensor(shape, dtype, data);
}

function write(tape: Tape, op: AnyPrimitive, x: Inputs, params: unknown): Tensor {
  const n = x.length;
  const parents = new Array<number>(n);
  const primals = new Array<Tensor>(n);
  let isActive = false;
  for (let k = 0; k < n; k++) {
    const t = seen(x[k]!);
    const here = t.place !== null && t.place.tape === tape ? t.place : null;
    primals[k] = here === null ? t : here.primal;
    parents[k] = here === null ? tape.nodes.push(source(t, false)) - 1 : here.index;
    isActive ||= tape.nodes[parents[k]!]!.isActive;
  }
  const value = apply(op, primals, params);
  isActive &&= isFloat(value.dtype);
  const { shape, dtype } = value;
  const index =
    tape.nodes.push({
      op,
      params,
      parents,
      shape,
      dtype,
      value,
      isActive,
      name: null,
      origin: watch.origin,
    }) - 1;
  return onTape(tape, index, value);
}

/** A node that nothing on its tape computed: a leaf (active), or a constant that came from outside. */
export function source(value: Tensor, isLeaf: boolean): Node {
  return {
    op: null,
    params: undefined,
    parents: [],
    shape: value.shape,
    dtype: value.dtype,
    value,
    isActive: isLeaf && isFloat(value.dtype),
    name: value.name,
    origin: watch.isTracking ? (watch.origin ?? userFrame()) : null,
  };
}

/** The same value, standing on a tape. */
export function onTape(tape: Tape, index: number, primal: Tensor): Tensor {
  return new Tensor(primal.shape, primal.dtype, primal.storage, { tape, index, primal }, primal.name);
}

/** A tensor that outlived its tape is the value it had, as the next tape out sees it. */
export function seen(x: Tensor): Tensor {
  let t = x;
  while (t.place !== null && !t.place.tape.isOpen) t = t.place.primal;
  return t;
}

function innermostTape(x: Inputs): Tape | null {
  let top: Tape | null = null;
  for (let k = 0; k < x.length; k++) {
    const place = seen(x[k]!).place;
    if (place !== null && (top === null || place.tape.level > top.level)) top = place.tape;
  }
  return top;
}
