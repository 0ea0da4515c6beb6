import { DataError } from "./error.ts";

/** The modules of Node's that reading files takes. */
export interface Builtins {
  readonly "node:fs/promises": typeof import("node:fs/promises");
  readonly "node:module": typeof import("node:module");
  readonly "node:path": typeof import("node:path");
  readonly "node:url": typeof import("node:url");
  readonly "node:zlib": typeof import("node:zlib");
}

/**
 * A module of Node's, asked for when it is needed: an `import` of it, even a dynamic one, would keep bundlers from
 * building a page.
 *
 * @throws DataError where there is no Node
 */
export function builtin<K extends keyof Builtins>(op: string, name: K): Builtins[K] {
  const host: unknown = Reflect.get(globalThis, "process");
  const get: unknown =
    typeof host === "object" && host !== null ? Reflect.get(host, "getBuiltinModule") : null;
  const module: unknown = typeof get === "function" ? Reflect.apply(get, host, [name]) : null;
  // That of node:module is a function.
  if ((typeof module === "object" && module !== null) || typeof module === "function") {
    return module as Builtins[K];
  }
  const remedy = "elsewhere fetch the bytes, and parse them";
  throw new DataError(op, "files, as Node has them", `no ${name}`, remedy, { file: name, offset: null });
}
