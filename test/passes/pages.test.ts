/** Each pass has a page with an example (test/pages runs it), and the rules that there are are listed. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ALGEBRA_RULES, type AlgebraRule, REASSOCIATION_RULES, ZERO_RULES } from "../../src/index.ts";

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

test.each(pages)("docs/passes/%s.md has an example", (page) => {
  expect(textOf(page).match(/^```ts$/gm)).toHaveLength(1);
});

test.each(Object.entries({ ALGEBRA_RULES, ZERO_RULES, REASSOCIATION_RULES }))(
  "docs/passes/simplify.md lists %s",
  (name, rules) => {
    const [, listed] = textOf("simplify").split(`<!-- rules: ${name} -->\n`);
    expect(listed?.split("\n<!-- end -->")[0]).toBe(table(rules));
  },
);
