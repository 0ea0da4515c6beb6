import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { explorerPage } from "../explore/page/explorerPage.ts";
import { UsageError } from "./command.ts";
import type { Subject } from "./subject.ts";

/**
 * A page on which the tape of an op, or of what a file exports, can be walked through.
 *
 * @param word what the subject was called on the command line: a file is shown beside its tape
 * @throws UsageError where the library that the file uses has no explorer, or this one was not built
 */
export async function tapePage(word: string, { library, name, f, x }: Subject): Promise<string> {
  const file = /[./\\#]/.test(word) ? resolve(word.replace(/#[^#/\\]*$/, "")) : null;
  const { exploreWith, gradientPasses } = await explorerOf(file);
  const source = file === null ? {} : { source: { file: slashed(file), text: readFileSync(file, "utf8") } };
  const isNamed = x.every((t) => t.name !== null);
  const inputs = isNamed ? x : x.map((t, k) => (t.name === null ? library.named(t, `x${k + 1}`) : t));
  return explorerPage(
    exploreWith({ name, ...source, passes: gradientPasses(f, ...inputs) }, f, ...inputs),
    bundledScript(),
  );
}

/** From the copy of the library that the file's tensors belong to. */
async function explorerOf(file: string | null): Promise<typeof import("../explore/index.ts")> {
  if (file === null) return import("../explore/index.ts");
  let entry: string;
  try {
    entry = createRequire(file).resolve("wengert/explore");
  } catch {
    return import("../explore/index.ts");
  }
  return (await import(pathToFileURL(entry).href)) as typeof import("../explore/index.ts");
}

/** What the build has made of src/explore/view; found through the package, whether this runs from sources or not. */
function bundledScript(): string {
  const root = dirname(createRequire(import.meta.url).resolve("wengert/package.json"));
  const path = join(root, "dist/src/explore/page/bundle.js");
  if (!existsSync(path)) throw new UsageError(`there is no ${path}: npm run build makes it`);
  return readFileSync(path, "utf8");
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
