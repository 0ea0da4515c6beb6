/**
 * Every `ts` block of the documentation prints what the `text` block after it says that it prints (nothing, where there
 * is none), and so does every file of docs/examples.
 */
import { describe, expect, test } from "vitest";
import { EXAMPLES, PAGES } from "./files.ts";
import { printedBy } from "./run.ts";

const BLOCK = /^```ts\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?/gms;

const blocks = PAGES.map(({ path, text }) => ({
  path,
  text,
  programs: [...text.matchAll(BLOCK)].map(([, code, output]) => ({ code: code!, output: output ?? "" })),
})).filter(({ text }) => text.includes("```ts\n"));

describe.each(blocks)("docs/$path", { timeout: 300_000 }, ({ text, programs }) => {
  test("has no block that is missed", () => {
    expect(programs).toHaveLength(text.match(/^```ts$/gm)?.length ?? 0);
  });

  test.each(programs)("program $#", async ({ code, output }) => {
    expect(await printedBy(code)).toBe(output);
  });
});

test("there are pages with programs, and examples", () => {
  expect(blocks.length).toBeGreaterThan(5);
  expect(EXAMPLES.length).toBeGreaterThan(5);
});

test.each(EXAMPLES)("docs/examples/$name", { timeout: 300_000 }, async ({ code, output }) => {
  expect(output).not.toBe("");
  expect(await printedBy(code)).toBe(output);
});
