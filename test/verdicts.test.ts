/** Each example of docs/verdicts.md prints what the page says that it prints. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { examplesIn, printedBy } from "./support/pageExamples.ts";

const page = readFileSync(new URL("../docs/verdicts.md", import.meta.url), "utf8");

const EXAMPLES = examplesIn(page);

describe("docs/verdicts.md", { timeout: 60_000 }, () => {
  test("has its examples, each with its output", () => {
    expect(EXAMPLES).toHaveLength(4);
    expect(page.match(/^```ts$/gm)).toHaveLength(4);
  });

  test.each(EXAMPLES)("example $#", async ({ code, output }) => {
    expect(await printedBy(code)).toBe(output);
  });
});
