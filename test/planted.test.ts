/** A check that cannot fail is worthless: every law objects to something, and none objects to what is right. */
import { describe, expect, test } from "vitest";
import { LAWS, type LawName, objections } from "./laws.ts";
import { BATCH_NORM_PLANTS } from "./planted/batchNorm.ts";
import { RECORD_PLANTS } from "./planted/records.ts";
import { RULE_PLANTS } from "./planted/rules.ts";

const SEED = 1964;
const PLANTS = [...RULE_PLANTS, ...BATCH_NORM_PLANTS, ...RECORD_PLANTS];

describe("planted", () => {
  for (const { what, op, objecting } of PLANTS) {
    const title = `${what}: ${objecting.length === 0 ? "nobody objects" : objecting.join(", ")}`;
    test(title, () => {
      expect(objections(op, SEED).sort()).toEqual([...objecting].sort());
    });
  }
});

test("every law is needed: something that it objects to passes all others", () => {
  const alone = PLANTS.filter(({ objecting }) => objecting.length === 1).map(
    ({ objecting }) => objecting[0]!,
  );
  const needless = (Object.keys(LAWS) as LawName[]).filter((name) => !alone.includes(name));
  expect(needless).toEqual([]);
});
