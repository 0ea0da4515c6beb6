import type { TapeDocument, TapeNode } from "./document.ts";

/** The document with file names from the last folder on that all of them lie in: it may be shown to others. */
export function withShortFiles(document: TapeDocument): TapeDocument {
  const { nodes, source } = document;
  const files = nodes.flatMap(({ origin }) => (origin === null ? [] : [origin.file]));
  if (source !== null) files.push(source.file);
  const skipped = commonFolder(files).length;
  const short = (node: TapeNode): TapeNode =>
    node.origin === null
      ? node
      : { ...node, origin: { ...node.origin, file: node.origin.file.slice(skipped) } };
  return {
    ...document,
    nodes: nodes.map(short),
    source: source === null ? null : { ...source, file: source.file.slice(skipped) },
  };
}

/** What all of these begin with, up to a slash. */
function commonFolder(files: readonly string[]): string {
  const steps = files[0]?.split("/").slice(0, -1) ?? [];
  for (let count = steps.length; count > 0; count--) {
    const folder = `${steps.slice(0, count).join("/")}/`;
    if (files.every((file) => file.startsWith(folder))) return folder;
  }
  return "";
}
