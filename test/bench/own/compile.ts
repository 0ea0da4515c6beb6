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

/** Whether arguments can be given away: a version that cannot has no such option, and refuses it. */
export const canDonate: boolean = compile !== null && accepts(compile, { donate: [0] });

function isCompile(value: unknown): value is Compile {
  return typeof value === "function";
}

function accepts(compile: Compile, options: CompileOptions): boolean {
  try {
    compile((x: wengert.Tensor) => x, options);
    return true;
  } catch (error) {
    if (error instanceof wengert.ArgumentError) return false;
    throw error;
  }
}
