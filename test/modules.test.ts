import { readdirSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";

// Op modules import each other in cycles, which works as long as none calls another's while it is being loaded.
// Whether one does depends on which module happens to be loaded first: so each has its turn.
const ops = new URL("../ops/", import.meta.url);
const files = readdirSync(ops, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

beforeEach(() => {
  vi.resetModules();
});

test.each(files)("ops/%s can be loaded first", async (file) => {
  const loaded: object = await import(new URL(file, ops).href);
  expect(loaded).toBeTypeOf("object");
});
