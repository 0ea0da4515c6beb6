import { onTape, seen, source } from "./bind.ts";
import { ArgumentError, describe } from "./errors.ts";
import { checkedFunction } from "./options.ts";
import type { Inputs } from "./primitive.ts";
import type { Node, Tape } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/** A closed tape: what a function did, which of its lines it was given, and which it returned. */
export interface Trace {
  /** The leaves first, then everything else in the order in which it happened. */
  readonly nodes: readonly Node[];
  /** How many leaves there are. */
  readonly inputs: number;
  /** Indices of the nodes that were returned. */
  readonly outputs: readonly number[];
}

/** How many tapes are open: the level of the innermost. */
let depth = 0;

/**
 * Run `f` on leaves, writing down every primitive that it applies to them.
 *
 * The tape is closed when `f` returns or throws. An output that does not depend on the leaves becomes a constant of
 * the trace, so outputs are always nodes.
 *
 * @param isDifferentiated whether derivatives will be pulled through the tape (see {@link Tape})
 * @throws ArgumentError unless x and what f returns are arrays of tensors
 */
export function trace(f: (...x: Inputs) => Inputs, x: Inputs, isDifferentiated: boolean): Trace {
  checkedFunction("trace", "f", f);
  assertTensors("trace", "inputs", x);
  const tape: Tape = { level: ++depth, isDifferentiated, nodes: [], isOpen: true };
  try {
    const leaves = x.map((t, index) => {
      const primal = seen(t);
      tape.nodes.push(source(primal, true));
      return onTape(tape, index, primal);
    });
    const y = f(...leaves);
    assertTensors("trace", "results", y);
    const outputs = y.map((t) => indexOn(tape, t));
    return { nodes: tape.nodes, inputs: x.length, outputs };
  } finally {
    tape.isOpen = false;
    depth--;
  }
}

function indexOn(tape: Tape, y: Tensor): number {
  const t = seen(y);
  if (t.place !== null && t.place.tape === tape) return t.place.index;
  return tape.nodes.push(source(t, false)) - 1;
}

/** @throws ArgumentError unless these are tensors, in an array */
function assertTensors(op: string, what: string, x: unknown): void {
  if (!Array.isArray(x)) throw new ArgumentError(op, `${what} in an array`, describe(x));
  for (const t of x) {
    if (!(t instanceof Tensor)) throw new ArgumentError(op, `${what} that are tensors`, describe(t));
  }
}

/** Whether some function is being run to see what it does: it may have closed over what is on that tape. */
export function isTracing(): boolean {
  return depth > 0;
}

/** Whether an open tape that will be differentiated is watching any of these. */
export function isDifferentiating(x: Inputs): boolean {
  assertTensors("isDifferentiating", "inputs", x);
  return x.some((t) => {
    for (let u = seen(t); u.place !== null; u = seen(u.place.primal)) {
      if (u.place.tape.isDifferentiated && u.place.tape.nodes[u.place.index]!.isActive) return true;
    }
    return false;
  });
}
