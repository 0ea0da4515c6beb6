import { assertProgram, inOrder, type Program } from "../../program.ts";
import type { Node } from "../../tape.ts";
import { columns } from "../columns.ts";
import { numberText, roundedText } from "../number.ts";
import { type Labels, type Line, labelsOf, wordsOf } from "./labels.ts";

/**
 * A program as an aligned table: a line a node, with what it is, its shape and its dtype.
 *
 *     x     = input                 [4,5]  float64
 *     mu    = mean(x, [0])          [5]    float64
 *     v2    = sub(x, mu)            [4,5]  float64
 *     returns v2
 */
export function toText(program: Program): string {
  assertProgram("toText", program);
  const labels = labelsOf(program);
  const rows = labels.lines.map((line) => {
    const { shape, dtype } = program.nodes[line.id]!;
    return [line.label, `= ${formulaText(program, labels, line)}`, `[${shape}]`, dtype];
  });
  const returned = program.outputs.map((id) => labels.of.get(id)!).join(", ");
  return [...columns(rows), `returns ${returned === "" ? "nothing" : returned}`].join("\n");
}

/** What a line's node is: `input`, `constant [1, 2, 3]`, or its op applied to its parents' names. */
export function formulaText(program: Program, labels: Labels, { id, kind }: Line): string {
  const node = program.nodes[id]!;
  if (kind === "input") return "input";
  return node.op === null ? constantText(node) : node.op.text(wordsOf(program, labels, id), node.params);
}

/**
 * A program as nested expressions, one an output: `scale(yBar, div(0.5, y))`.
 *
 * For short programs: what is used twice is written twice.
 */
export function toExpressions(program: Program): string[] {
  assertProgram("toExpressions", program);
  const labels = labelsOf(program);
  const said = new Map(labels.of);
  for (const id of inOrder(program)) {
    const { op, params, parents, name } = program.nodes[id]!;
    if (op === null || name !== null) continue;
    said.set(
      id,
      op.text(
        parents.map((p) => said.get(p)!),
        params,
      ),
    );
  }
  return program.outputs.map((id) => said.get(id)!);
}

/** Few numbers are shown, rounded; of many only the shape, which stands beside. */
function constantText({ value, shape, dtype }: Node): string {
  if (value.size > MOST_SHOWN) return "constant";
  const numbers = Array.from(value.data, (x) =>
    dtype === "bool" ? numberText(x, dtype) : roundedText(x, 6),
  );
  return `constant ${shape.length === 0 ? numbers[0] : `[${numbers.join(", ")}]`}`;
}

const MOST_SHOWN = 6;
