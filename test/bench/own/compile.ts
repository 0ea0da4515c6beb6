import * as wengert from "../../../src/index.ts";

export interface CompileOptions {
  /** The places of arguments that are not used again, and may be overwritten. */
  readonly donate?: readonly number[];
}

/** What the bench needs of `compile`. */
export type Compile = <A extends readonly unknown[], R>(
  f: (...args: A) => R,
  options?: CompileOptions,
) => (...args: A) => R;

const found: unknown = "compile" in wengert ? wengert.compile : null;

/** The library's `compile`, or null in a version that has none. */
export const compile: Compile | null = isCompile(found) ? found : null;

function isCompile(value: unknown): value is Compile {
  return typeof value === "function";
}
