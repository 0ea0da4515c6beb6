/** Kind browser_parity, here; test/browser has the same in Chromium. */
import { describe, expect, test } from "vitest";
import { cases } from "../support/fixtures.ts";
import { PARITY } from "./browserParity.ts";

describe("browser_parity", () => {
  test.each(cases("browser_parity").map((entry) => [entry.id, entry.symptom, entry] as const))(
    "%s: %s",
    (id, _, entry) => {
      expect(PARITY).toHaveProperty(id);
      PARITY[id]!(entry);
    },
  );
});
