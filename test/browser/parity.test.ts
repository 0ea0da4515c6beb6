/** Kind browser_parity, in Chromium. */
import { expect, test } from "vitest";
import { type Entry, PARITY } from "../cases/browserParity.ts";
import entries from "../fixtures/cases/browser_parity.json" with { type: "json" };

test.each(entries.map((entry) => [entry.id, entry.symptom, entry as Entry] as const))(
  "%s: %s",
  (id, _, entry) => {
    expect(PARITY).toHaveProperty(id);
    PARITY[id]!(entry);
  },
);
