import { onTape, seen, source } from "./bind.ts";
import type { Inputs } from "./primitive.ts";
import type { Node, Tape } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

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
 */
export function trace(f: (...x: Inputs) => Inputs, x: Inputs, isDifferentiated: boolean): Trace {
  const tape: Tape = { level: ++depth, isDifferentiated, nodes: [], isOpen: true };
  try {
    const leaves = x.map((t, index) => {
      const primal = seen(t);
      tape.nodes.push(source(primal, true));
      return onTape(tape, index, primal);
    });
    const outputs = f(...leaves).map((y) => indexOn(tape, y));
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

/** Whether an open tape that will be differentiated is watching any of these. */
export function isDifferentiating(x: Inputs): boolean {
  return x.some((t) => {
    for (let u = seen(t); u.place !== null; u = seen(u.place.primal)) {
      if (u.place.tape.isDifferentiated && u.place.tape.nodes[u.place.index]!.isActive) return true;
    }
    return false;
  });
}
