import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const DOCS: string = fileURLToPath(new URL("../../docs/", import.meta.url));

/** Every page that is written by hand, by its path in docs/. */
export const PAGES: readonly { readonly path: string; readonly text: string }[] = readdirSync(DOCS, {
  recursive: true,
})
  .map(String)
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".md") && !/(^|\/)(node_modules|api|\.vitepress)\//.test(path))
  .sort()
  .map((path) => ({ path, text: readFileSync(DOCS + path, "utf8") }));

/** Every example that pages show live: its program, and what it prints. */
export const EXAMPLES: readonly { readonly name: string; readonly code: string; readonly output: string }[] =
  readdirSync(`${DOCS}examples`)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => {
      const stem = `${DOCS}examples/${file.slice(0, -3)}`;
      const output = existsSync(`${stem}.txt`) ? readFileSync(`${stem}.txt`, "utf8") : "";
      return { name: file, code: readFileSync(`${stem}.ts`, "utf8"), output };
    });
