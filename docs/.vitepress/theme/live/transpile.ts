/**
 * TypeScript without its types, as the body of a function of `require` and `exports`.
 *
 * By Sucrase: it is small (a few dozen kilobytes where TypeScript itself has megabytes), it keeps every line where it
 * was, so that errors and the tape's origins point at what the reader sees, and it turns imports into calls that can be
 * answered by modules which are there already. It checks no types: the pages' hovers show those.
 */
import { transform } from "sucrase";
import type { CodeError } from "./messages.ts";

/** What examples are called in stacks. */
export const FILE = "example.ts";

/** @throws an error with `loc` where it is no TypeScript */
export function transpiled(code: string): string {
  const { code: js } = transform(code, {
    transforms: ["typescript", "imports"],
    disableESTransforms: true,
    preserveDynamicImport: false,
    production: true,
  });
  return js;
}

/** A module whose default export runs the example. Lines are as they were. */
export function moduleOf(js: string): string {
  return `export default async (require, exports, console) => {${js}\n};\n//# sourceURL=${FILE}\n`;
}

/** What to tell the reader: the message, and the line of the example that it comes from. */
export function codeErrorOf(error: unknown): CodeError {
  if (!(error instanceof Error)) return { message: `threw ${String(error)}`, line: null };
  const line = parserLine(error) ?? stackLine(error.stack ?? "");
  const message = error.message.replace(/ \(\d+:\d+\)$/, "").replace(/^Error transforming .*?: /, "");
  return { message: `${error.name}: ${message}`, line };
}

function parserLine(error: Error): number | null {
  const { loc } = error as { readonly loc?: { readonly line?: unknown } };
  return typeof loc?.line === "number" ? loc.line : null;
}

/** The innermost frame in the example: the reader's own line, not the library's. */
function stackLine(stack: string): number | null {
  const line = stack.match(/\bexample\.ts:(\d+)/)?.[1];
  return line === undefined ? null : Number(line);
}
