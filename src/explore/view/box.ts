import type { TapeNode } from "../document.ts";
import type { Box } from "../graph.ts";
import type { Moment } from "../moments.ts";
import { spoken, thumbnail } from "./arrays.ts";
import { svg } from "./elements.ts";
import type { BoxLook } from "./figure.ts";
import type { Words } from "./words.ts";

export const BOX = { width: 184, height: 84 } as const;

/** A node at a moment: its name and formula, its value on the left, its cotangent on the right. */
export function nodeLook(node: TapeNode, moment: Moment, words: Words): BoxLook {
  const isKnown = moment.known.has(node.id);
  const cotangent = moment.cotangents.get(node.id) ?? null;
  const shape = node.shape.length === 0 ? "" : `[${node.shape.join(",")}]`;
  const content: SVGElement[] = [
    svg("text", { class: "label", x: 9, y: 17 }, clipped(node.label, 15)),
    svg("text", { class: "shape", x: BOX.width - 9, y: 17, "text-anchor": "end" }, shape),
    svg("text", { class: "formula", x: 9, y: 33 }, clipped(node.text, 26)),
  ];
  if (isKnown) content.push(thumbnail(node.value, 8, 40, 80, 38));
  if (cotangent !== null) content.push(thumbnail(cotangent, 96, 40, 80, 38));
  return {
    classes: [
      node.kind,
      node.isOutput ? "output" : "",
      isKnown ? "" : "waiting",
      moment.at === node.id || (moment.phase === "seed" && moment.to.has(node.id)) ? "at" : "",
    ].join(" "),
    label: [
      `${node.label} = ${node.text} ${shape}`,
      `${words.value}: ${isKnown ? spoken(node.value, words) : words.notYet}`,
      `${words.cotangent}: ${cotangent === null ? words.notYet : spoken(cotangent, words)}`,
    ].join(". "),
    content,
  };
}

/** A run of the tape that is not drawn node by node. */
export function groupLook(box: Box, labels: readonly string[], moment: Moment, words: Words): BoxLook {
  const [first = "", last = ""] = [labels[0], labels.at(-1)];
  const isHere = moment.at !== null && box.ids.includes(moment.at);
  const isKnown = box.ids.some((id) => moment.known.has(id));
  return {
    classes: `group ${isHere ? "at" : ""} ${isKnown ? "" : "waiting"}`,
    label: `${first} … ${last}: ${words.group(box.ids.length)}`,
    content: [
      svg("text", { class: "label", x: 9, y: 22 }, clipped(`${first} … ${last}`, 24)),
      svg("text", { class: "formula", x: 9, y: 42 }, `× ${box.ids.length}`),
    ],
  };
}

/** At most so many characters. */
export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
