import { describe, expect, test } from "vitest";
import type { AnyPrimitive } from "../graph/primitive.ts";
import * as ops from "../ops/index.ts";
import { LAWS } from "./laws.ts";

const SEED = 1964;

/** An op is tested because it is exported. */
const primitives = Object.values<unknown>(ops).filter(isPrimitive);

for (const op of primitives) {
  describe(op.name, () => {
    for (const [name, law] of Object.entries(LAWS)) {
      test(name, () => {
        expect(law(op, SEED)).toBeNull();
      });
    }
  });
}

test("there are primitives, each under a name of its own", () => {
  const names = primitives.map((op) => op.name);
  expect(names).toEqual(expect.arrayContaining(["add", "mul", "sqrt", "sum", "broadcastTo"]));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

function isPrimitive(value: unknown): value is AnyPrimitive {
  return typeof value === "object" && value !== null && "kernel" in value && "vjp" in value;
}
