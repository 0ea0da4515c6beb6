/** Each page of docs/passes prints what it says that it prints, and lists the rules that there are. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ALGEBRA_RULES, type AlgebraRule, REASSOCIATION_RULES, ZERO_RULES } from "../../src/index.ts";
import { examplesIn, printedBy } from "../support/pageExamples.ts";

const folder = new URL("../../docs/passes/", import.meta.url);
const pages = ["foldConstants", "mergeCommon", "removeDeadNodes", "simplify"];
const textOf = (page: string): string => readFileSync(new URL(`${page}.md`, folder), "utf8");

/** A row a rule. */
function table(rules: readonly AlgebraRule[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    row(["rule", "statement", "because", "values", "derivatives"]),
    "|---|---|---|---|---|",
    ...rules.map(({ name, statement, because, values, derivatives }) =>
      row([name, statement, because, values, derivatives]),
    ),
  ].join("\n");
}

test("each pass has a page", () => {
  expect(readdirSync(folder).toSorted()).toEqual(pages.map((page) => `${page}.md`));
});

describe.each(pages)("docs/passes/%s.md", (page) => {
  const text = textOf(page);
  const examples = examplesIn(text);

  test("has an example, with its output", () => {
    expect(examples).toHaveLength(1);
    expect(text.match(/^```ts$/gm)).toHaveLength(1);
  });

  test.each(examples)("example $#", async ({ code, output }) => {
    expect(await printedBy(code)).toBe(output);
  });
});

test.each(Object.entries({ ALGEBRA_RULES, ZERO_RULES, REASSOCIATION_RULES }))(
  "docs/passes/simplify.md lists %s",
  (name, rules) => {
    const [, listed] = textOf("simplify").split(`<!-- rules: ${name} -->\n`);
    expect(listed?.split("\n<!-- end -->")[0]).toBe(table(rules));
  },
);
