import { assertProgram, type Program } from "../../program.ts";
import { type Line, labelsOf } from "./labels.ts";
import { formulaText } from "./text.ts";

/**
 * A program as a graph in Graphviz's language, inputs at the top.
 *
 * What a node is shows in its outline: inputs are ellipses, constants are notes with a broken line, ops are boxes,
 * and what the program returns has a double line. Colours only repeat that. Each label stands on a fill of its own,
 * and the rest is a middle grey, so that the picture can lie on a white page or on a dark one.
 */
export function toDot(program: Program): string {
  assertProgram("toDot", program);
  const labels = labelsOf(program);
  const returned = new Set(program.outputs);
  const nodes = labels.lines.map((line) => {
    const { shape, dtype } = program.nodes[line.id]!;
    const formula = line.kind === "input" ? "" : formulaText(program, labels, line);
    const what = [line.label, formula, `[${shape}]${dtype === "float64" ? "" : ` ${dtype}`}`];
    const label = what
      .filter((part) => part !== "")
      .map(escaped)
      .join("\\n");
    const border = returned.has(line.id) ? ", peripheries=2" : "";
    return `  n${line.id} [label="${label}", ${OUTLINE[line.kind]}${border}];`;
  });
  const edges = labels.lines.flatMap(({ id }) =>
    program.nodes[id]!.parents.filter((p) => !labels.numbers.has(p)).map((p) => `  n${p} -> n${id};`),
  );
  return ["digraph program {", ...STYLE, ...nodes, ...edges, "}"].join("\n");
}

/**
 * A font of even width: whoever lays the boxes out and whoever fills them may have different ones, but as wide. One
 * family only, because builds of Graphviz without fonts know its width by that name.
 */
const STYLE = [
  '  graph [bgcolor="transparent", rankdir="TB", nodesep=0.35, ranksep=0.4];',
  '  node [fontname="Courier New", fontsize=12, fontcolor="#1f2933", color="#74808c"];',
  '  edge [color="#74808c", arrowsize=0.7];',
];

const OUTLINE: Readonly<Record<Line["kind"], string>> = {
  input: 'shape=ellipse, style="filled", fillcolor="#cfe3f7"',
  constant: 'shape=note, style="filled,dashed", fillcolor="#ececec"',
  op: 'shape=box, style="filled", fillcolor="#ffffff"',
};

/** A quoted string of DOT ends at a quote, a label takes `\n` for a line break and `&amp;` for `&`. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;");
}
