/** docs/derive.md shows the equations that derive gives, and its programs print what the page says; so docs/explain.md. */
import { readFileSync } from "node:fs";
import katex from "katex";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as wengert from "../../src/index.ts";
import * as nn from "../../src/nn/index.ts";

const { batchNorm, derive, named, random } = wengert;
const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

const AsyncFunction = (async () => undefined).constructor as new (
  ...text: string[]
) => (...x: unknown[]) => Promise<void>;

/** Runs it with the library as it is here in the place of the package. */
async function printedBy(code: string): Promise<string> {
  const local = code.replace(
    /^import \{([^}]*)\} from "(.*)";$/gm,
    (_, names: string, from: string) =>
      `const {${names.split(",").filter((name) => !name.trim().startsWith("type "))}} = modules["${from}"];`,
  );
  const { outputText } = ts.transpileModule(local, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  let printed = "";
  const console = { log: (...line: unknown[]) => (printed += `${line.map(String).join(" ")}\n`) };
  await new AsyncFunction("modules", "console", outputText)({ wengert, "wengert/nn": nn }, console);
  return printed;
}

describe.each(["derive.md", "explain.md"])("docs/%s", (name) => {
  const page = read(name);
  const programs = [...page.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(
    ([, code, output]) => ({ code: code!, output: output! }),
  );

  test("has programs, each with its output", () => {
    expect(programs.length).toBeGreaterThan(0);
    expect(page.match(/^```ts$/gm)).toHaveLength(programs.length);
  });

  test.each(programs)("program $#", async ({ code, output }) => {
    expect(await printedBy(code)).toBe(output);
  });
});

describe("the equations of batch norm in docs/derive.md", () => {
  const source = random(9);
  const given = (name: string, ...shape: number[]): wengert.Tensor => named(source.normal(shape), name);
  const layer = (x: wengert.Tensor, gamma: wengert.Tensor, beta: wengert.Tensor): wengert.Tensor =>
    batchNorm(x, gamma, beta);
  const { steps, toLatex } = derive(layer, given("x", 4, 5), given("gamma", 5), given("beta", 5));
  const shown = [...read("derive.md").matchAll(/^### \d\. ([^\n]*)\n\n\$\$\n(.*?)\n\$\$$/gms)];

  test("are those of its steps, in their order", () => {
    expect(shown.map(([, title]) => title)).toEqual(steps.map(({ title }) => title));
    expect(shown.map(([, , latex]) => latex)).toEqual(steps.map((_, k) => toLatex(k)));
  });

  test("end in the closed form", () => {
    expect(toLatex(steps.length - 1)).toContain(
      "\\bar{x} &= \\frac{\\gamma}{N \\, \\sigma} \\, \\left(N \\, \\bar{y} - \\sum_{i} \\bar{y} - \\hat{x} \\, \\sum_{i} \\bar{y} \\, \\hat{x}\\right)",
    );
  });

  test("are accepted by KaTeX, at its strictest", () => {
    for (const latex of [toLatex(), ...steps.map((_, k) => toLatex(k))]) {
      expect(() => katex.renderToString(latex, { displayMode: true, strict: "error" })).not.toThrow();
    }
  });

  test("of a step that there is not are refused", () => {
    expect(() => toLatex(steps.length)).toThrow(wengert.ArgumentError);
  });
});
