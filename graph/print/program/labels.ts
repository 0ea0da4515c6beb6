import { inOrder, type Program } from "../../program.ts";
import { numberText } from "../number.ts";

/** What kind of line a node is. */
export type Kind = "input" | "constant" | "op";

/** A line of a printed program. */
export interface Line {
  readonly id: number;
  readonly kind: Kind;
  readonly label: string;
}

/** What a program's nodes are called in print, and which of them have a line of their own, in order. */
export interface Labels {
  /** A name, or for a scalar constant the number itself. */
  readonly of: ReadonlyMap<number, string>;
  /** The scalar constants that stand as numbers inside other lines. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly lines: readonly Line[];
}

/**
 * Names given by the user, `v7` for the unnamed node 7, `c1` for the first unnamed constant.
 *
 * Every line's name is its own: where two nodes were given one name (a layer that is used twice), the second is
 * `xHat_2`. A scalar constant without a name becomes a number inside the lines that use it.
 */
export function labelsOf(program: Program): Labels {
  const { nodes, outputs } = program;
  const inputs = new Set(program.inputs);
  const returned = new Set(outputs);
  const of = new Map<number, string>();
  const numbers = new Map<number, number>();
  const taken = new Set<string>();
  const order = inOrder(program);

  // Names that were chosen go first, so that no v7 that we make takes one of them.
  for (const id of order) {
    const { name } = nodes[id]!;
    if (name !== null) of.set(id, unique(name.replace(/\p{Cc}+/gu, " "), taken));
  }
  let constants = 0;
  for (const id of order) {
    if (of.has(id)) continue;
    const { op, shape, dtype, value } = nodes[id]!;
    const isConstant = op === null && !inputs.has(id);
    if (isConstant && shape.length === 0 && !returned.has(id)) {
      const number = value.data[0]!;
      numbers.set(id, number);
      of.set(id, numberText(number, dtype));
    } else {
      of.set(id, unique(isConstant ? `c${++constants}` : `v${id}`, taken));
    }
  }
  const lines = order
    .filter((id) => !numbers.has(id))
    .map((id): Line => {
      const kind = nodes[id]!.op !== null ? "op" : inputs.has(id) ? "input" : "constant";
      return { id, kind, label: of.get(id)! };
    });
  return { of, numbers, lines };
}

/** The labels of a node's parents: what its op's `text` is given. */
export function wordsOf({ nodes }: Program, { of }: Labels, id: number): string[] {
  return nodes[id]!.parents.map((p) => of.get(p)!);
}

function unique(wanted: string, taken: Set<string>): string {
  let label = wanted;
  for (let copy = 2; taken.has(label); copy++) label = `${wanted}_${copy}`;
  taken.add(label);
  return label;
}
