import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Program, toDot } from "../../../graph/index.ts";

export interface Picture {
  readonly file: string;
  readonly format: "svg" | "dot";
  /** Why it is not what was wanted. */
  readonly note: string | null;
}

/** Renders DOT as SVG, or null where @viz-js/viz is not installed. */
export type Renderer = () => Promise<((dot: string) => string) | null>;

/**
 * Write the graph to a file: as SVG where @viz-js/viz is installed, else as DOT.
 *
 * @param out ends in .svg or .dot; null for a new file among the temporary ones
 */
export async function writePicture(
  program: Program,
  out: string | null,
  load: Renderer = graphviz,
): Promise<Picture> {
  const dot = toDot(program);
  const render = out?.endsWith(".dot") === true ? null : await load();
  const isMissing = render === null && out?.endsWith(".dot") !== true;
  const wanted = out ?? join(mkdtempSync(join(tmpdir(), "wengert-")), "batchNorm.svg");
  const file = resolve(isMissing ? wanted.replace(/svg$/, "dot") : wanted);
  writeFileSync(file, render === null ? `${dot}\n` : render(dot));
  return {
    file,
    format: render === null ? "dot" : "svg",
    note: isMissing
      ? "for an SVG instead: npm install @viz-js/viz, or with Graphviz: dot -Tsvg -O FILE"
      : null,
  };
}

async function graphviz(): Promise<((dot: string) => string) | null> {
  try {
    const { instance } = await import("@viz-js/viz");
    const viz = await instance();
    // A reader without that font shall have one as wide.
    return (dot) =>
      viz.renderString(dot, { format: "svg" }).replaceAll('="Courier New"', '="Courier New,monospace"');
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}
