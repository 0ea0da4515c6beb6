import type { AnyPrimitive } from "../primitive.ts";
import { assertProgram, inOrder, type Program, type Rewrite, rewrite } from "../program.ts";
import type { Node } from "../tape.ts";
import { commit, constantsOf, handName, reading } from "./reading.ts";
import { hashOf, sameConstant, sameParams } from "./sameness.ts";

/**
 * Compute once what is computed several times: the same op with the same parameters on the same nodes. Whoever read
 * a later copy reads the first; the copies stay for `removeDeadNodes`.
 *
 * Ops are one where their record is one, never because of a name. Constants are one where dtype, shape and every bit
 * are. Values do not change by a bit; in a gradient cotangents are added before they are multiplied, not after, which
 * rounds otherwise.
 *
 * @throws ArgumentError for what is no program
 */
export function mergeCommon(program: Program): Rewrite {
  assertProgram("mergeCommon", program);
  const order = inOrder(program);
  const constants = constantsOf(program);
  const numbers = new Map<AnyPrimitive, number>();
  const instead = new Map<number, number>();
  const changed = new Map<number, Node>();
  // Those that may be the same, by what is quickly compared.
  const alike = new Map<string, number[]>();
  const current = (id: number): Node => changed.get(id) ?? program.nodes[id]!;

  for (const id of order) {
    const original = program.nodes[id]!;
    if (original.op === null && !constants.has(id)) continue;
    const node = reading(original, instead);
    const key = keyOf(node, numbers);
    const group = alike.get(key);
    const first = group?.find((other) => isSame(current(other), node));
    if (first !== undefined) {
      instead.set(id, first);
      const named = handName(node, current(first));
      if (named !== current(first)) changed.set(first, named);
      continue;
    }
    if (group === undefined) alike.set(key, [id]);
    else group.push(id);
    if (node !== original) changed.set(id, node);
  }
  return rewrite(program, (draft) => commit(draft, changed, instead));
}

function keyOf({ op, parents, dtype, shape, value }: Node, numbers: Map<AnyPrimitive, number>): string {
  if (op === null) return `${dtype}[${shape}]${hashOf(value)}`;
  let number = numbers.get(op);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(op, number);
  }
  return `${number}(${parents})`;
}

/** Of two with the same key. */
function isSame(a: Node, b: Node): boolean {
  return a.op === null ? sameConstant(a.value, b.value) : sameParams(a.params, b.params);
}
