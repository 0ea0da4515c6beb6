import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import ClosingLine from "../closing-line.ts";

/** The built site in a browser: apart from the other tests, because building it takes a minute. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["test/docs/*.test.ts"],
    pool: "forks",
    // Pages of one file are open at the same time, so many.
    maxConcurrency: 3,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ["default", new ClosingLine()],
  },
});
