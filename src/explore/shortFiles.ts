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
  let folder = files[0]?.slice(0, files[0].lastIndexOf("/") + 1) ?? "";
  while (folder !== "" && !files.every((file) => file.startsWith(folder))) {
    folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  }
  return folder;
}
