import { type AnyPrimitive, numberText, type Program } from "../../../graph/index.ts";
import { Add, Cast, Div, Mul, Scale, Sub } from "../../../ops/index.ts";

const INFIX: ReadonlyMap<AnyPrimitive | null, string> = new Map<AnyPrimitive, string>([
  [Add, "+"],
  [Sub, "-"],
  [Mul, "*"],
  [Scale, "*"],
  [Div, "/"],
]);

/** How far down an expression is written out. */
const DEEPEST = 4;

/**
 * What a line computes, in few words: `(x - mean(x)) / sqrt(…)`. Shapes, axes and dtypes are left out, because the
 * same line has others elsewhere.
 */
export function expression(program: Program, id: number, names: readonly string[]): string {
  const bare = said(program, id, names, 0);
  return bare.startsWith("(") && INFIX.has(program.nodes[id]!.op) ? bare.slice(1, -1) : bare;
}

function said(program: Program, id: number, names: readonly string[], depth: number): string {
  const { op, parents, value, name } = program.nodes[id]!;
  const input = program.inputs.indexOf(id);
  if (input >= 0) return names[input]!;
  if (name !== null) return name;
  if (op === null) return value.size === 1 ? numberText(Number(value.data[0])) : "a constant";
  if (op.lowering.kind === "view" || op === Cast) return said(program, parents[0]!, names, depth);
  if (depth >= DEEPEST) return "…";
  const inner = parents.map((p) => said(program, p, names, depth + 1));
  const sign = INFIX.get(op);
  return sign === undefined
    ? `${op.name}(${inner.map(unwrapped).join(", ")})`
    : `(${inner.join(` ${sign} `)})`;
}

/** Brackets inside a call's brackets say nothing, where they are one pair. */
function unwrapped(text: string): string {
  if (!text.startsWith("(")) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")") depth--;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}
