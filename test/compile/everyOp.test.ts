/** Compiled is eager: every op, at every sample, in both float dtypes, values and cotangents. */
import { describe, expect, test } from "vitest";
import { FLOATS, PRIMITIVES, whereCompiledDiffers } from "./compiledOps.ts";

describe.each(PRIMITIVES.map((op) => [op.name, op] as const))("%s", (_, op) => {
  test.each(FLOATS)("%s", (dtype) => {
    expect(whereCompiledDiffers(op, dtype)).toBeNull();
  });
});
