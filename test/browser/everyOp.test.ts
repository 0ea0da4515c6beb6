/** In Chromium: what the laws say of every op, and what is compiled is what is eager. */
import { describe, expect, test } from "vitest";
import { isSimdAvailable } from "../../ops/kernels/wasm/engine.ts";
import { FLOATS, PRIMITIVES, whereCompiledDiffers } from "../compile/compiledOps.ts";
import { LAWS } from "../laws.ts";

const SEED = 1964;

test("this is a browser, and it has vectors", () => {
  expect(navigator.userAgent).toMatch(/Chrome/);
  expect(isSimdAvailable()).toBe(true);
});

describe.each(PRIMITIVES.map((op) => [op.name, op] as const))("%s", (_, op) => {
  test("keeps the laws", () => {
    const broken = Object.entries(LAWS).flatMap(([name, law]) => {
      const violation = law(op, SEED);
      return violation === null ? [] : [`${name}: ${violation}`];
    });
    expect(broken).toEqual([]);
  });

  test.each(FLOATS)("compiled, in %s", (dtype) => {
    expect(whereCompiledDiffers(op, dtype)).toBeNull();
  });
});
