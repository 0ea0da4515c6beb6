import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "./command.ts";

/** The library as somebody's file imports it. */
export type Library = typeof import("../index.ts");

/** A user's file. */
export interface Loaded {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly library: Library;
}

/**
 * Load a JavaScript or TypeScript file: as Node does where Node can, else with jiti, where that is installed.
 *
 * The library comes with it, found from where the file is: a project's own copy knows no tensors made by another.
 *
 * @throws UsageError in one line, where the file does not load
 */
export async function load(file: string): Promise<Loaded> {
  const path = resolve(file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UsageError(`there is no file ${file}`);
  const exports = await evaluated(file, path);
  return { exports, library: await libraryOf(path) };
}

async function evaluated(file: string, path: string): Promise<Loaded["exports"]> {
  try {
    return (await import(pathToFileURL(path).href)) as Loaded["exports"];
  } catch (error) {
    if (!FOR_A_LOADER.has(codeOf(error)) || isWithoutUs(error)) throw reason(file, error);
    const jiti = await loader();
    if (jiti !== null) return await evaluatedBy(jiti, file, path);
    if (codeOf(error) === "ERR_MODULE_NOT_FOUND") throw reason(file, error);
    throw new UsageError(`to load ${file} this Node needs a loader: npm install jiti`);
  }
}

async function evaluatedBy(jiti: Loader, file: string, path: string): Promise<Loaded["exports"]> {
  try {
    return await jiti(path);
  } catch (error) {
    throw reason(file, error);
  }
}

type Loader = (path: string) => Promise<Loaded["exports"]>;

/** What Node says of types, of syntax that it cannot strip, and of imports without an extension. */
const FOR_A_LOADER: ReadonlySet<unknown> = new Set([
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
  "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
  "ERR_UNSUPPORTED_DIR_IMPORT",
  "ERR_MODULE_NOT_FOUND",
]);

async function loader(): Promise<Loader | null> {
  try {
    const { createJiti } = await import("jiti");
    // A cache would be files left in the user's project.
    const jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
    return (path) => jiti.import<Loaded["exports"]>(path);
  } catch (error) {
    if (codeOf(error) === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** The library that the file gets; ours where it gets none, and so imports none. */
async function libraryOf(path: string): Promise<Library> {
  let entry: string;
  try {
    entry = createRequire(path).resolve("wengert");
  } catch {
    return import("../index.ts");
  }
  return (await import(pathToFileURL(entry).href)) as Library;
}

function isWithoutUs(error: unknown): boolean {
  return error instanceof Error && /^Cannot find (package|module) 'wengert'/.test(error.message);
}

function reason(file: string, error: unknown): UsageError {
  if (isWithoutUs(error)) {
    return new UsageError(`${file} imports wengert, which is not installed where it is: npm install wengert`);
  }
  if (!(error instanceof Error)) return new UsageError(`${file} does not load: it threw ${String(error)}`);
  const [first = ""] = error.message.split("\n");
  const said = /^\w*Error: /.test(first) ? first : `${error.name}: ${first}`;
  // A position that the message or the stack gives: file.ts:3:23
  const at = error.stack?.split(basename(file))[1]?.match(/^:(\d+)/)?.[1];
  return new UsageError(`${file} does not load: ${said.trim()}${at === undefined ? "" : `, at line ${at}`}`);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}
