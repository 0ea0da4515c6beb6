import {
  bind,
  type Inputs,
  inOrder,
  isFloat,
  type Point,
  type Primitive,
  type Program,
  programOf,
  removeDeadNodes,
  Tensor,
  trace,
} from "../../../graph/index.ts";

/** What an op's vjp does at one point, as a program of x, y and ȳ. */
export interface Rule {
  readonly program: Program;
  /** For each of the op's inputs, which of the program's outputs is its cotangent; null for a structural zero. */
  readonly slots: readonly (number | null)[];
}

/** Every cotangent there is, wanted or not: what is planted in one place must not depend on who asks. */
export function ruleAt<I extends Inputs, P>(op: Primitive<I, P>, at: Point<I, P>, yBar: Tensor): Rule {
  const n = at.x.length;
  const wanted = at.x.map((t) => isFloat(t.dtype)) as readonly boolean[] as {
    readonly [K in keyof I]: boolean;
  };
  let slots: readonly (number | null)[] = [];
  const tape = trace(
    (...leaves) => {
      const x = leaves.slice(0, n) as Inputs as I;
      const bars: readonly (Tensor | null)[] = op.vjp(
        { x, y: leaves[n]!, params: at.params },
        leaves[n + 1]!,
        wanted,
      );
      const present = bars.filter((bar) => bar !== null);
      let next = 0;
      slots = bars.map((bar) => (bar === null ? null : next++));
      return present;
    },
    [...at.x, at.y, yBar],
    false,
  );
  return { program: removeDeadNodes(programOf(tape)).after, slots };
}

/** Whether two rules take the same steps: the same ops on the same lines, whatever the numbers are. */
export function sameSteps(a: Rule, b: Rule): boolean {
  const p = inOrder(a.program);
  const q = inOrder(b.program);
  return (
    p.length === q.length &&
    p.every((id, k) => {
      const m = a.program.nodes[id]!;
      const n = b.program.nodes[q[k]!]!;
      return id === q[k] && m.op === n.op && String(m.parents) === String(n.parents);
    })
  );
}

/** The point where x is, off every tape. */
export function plain<I extends Inputs, P>({ x, y, params }: Point<I, P>): Point<I, P> {
  return { x: x.map(off) as Inputs as I, y: off(y), params };
}

/** The same numbers, on no tape. */
export function off({ shape, dtype, storage, name }: Tensor): Tensor {
  return new Tensor(shape, dtype, storage, null, name);
}

export function pointAt<I extends Inputs, P>(op: Primitive<I, P>, x: I, params: P): Point<I, P> {
  return { x, y: bind(op, x, params), params };
}
