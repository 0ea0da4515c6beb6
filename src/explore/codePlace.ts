import type { CodePlace } from "./document.ts";

/** `file:line:column`, as nodes have it, taken apart. */
export function codePlace(origin: string | null): CodePlace | null {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(origin ?? "") ?? [];
  if (file === undefined) return null;
  return { file, line: Number(line), column: Number(column) };
}
