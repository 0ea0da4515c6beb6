/** Each example of docs/verdicts.md prints what the page says that it prints. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as wengert from "../src/index.ts";

const page = readFileSync(new URL("../docs/verdicts.md", import.meta.url), "utf8");

/** The code of each example, and its output. */
const EXAMPLES = [...page.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(
  ([, code, output]) => ({ code: code!, output: output! }),
);

const AsyncFunction = (async () => undefined).constructor as new (
  ...text: string[]
) => (...x: unknown[]) => Promise<void>;

/** Runs it with the library as it is here in the place of the package. */
async function printedBy(code: string): Promise<string> {
  const local = code.replace(/^import \{(.*)\} from "wengert";$/gm, (_, names: string) => {
    const values = names.split(",").filter((name) => !name.trim().startsWith("type "));
    return `const {${values.join(",")}} = wengert;`;
  });
  const { outputText } = ts.transpileModule(local, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  let printed = "";
  const console = { log: (line: unknown) => (printed += `${String(line)}\n`) };
  await new AsyncFunction("wengert", "console", outputText)(wengert, console);
  return printed;
}

describe("docs/verdicts.md", { timeout: 60_000 }, () => {
  test("has its examples, each with its output", () => {
    expect(EXAMPLES).toHaveLength(4);
    expect(page.match(/^```ts$/gm)).toHaveLength(4);
  });

  test.each(EXAMPLES)("example $#", async ({ code, output }) => {
    expect(await printedBy(code)).toBe(output);
  });
});
