import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ENTRIES } from "../../docs/.vitepress/paths.ts";
import ClosingLine from "../closing-line.ts";

/** The built site in a browser: apart from the other tests, because building it takes a minute. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  // Modules of the pages import the library as readers do.
  resolve: { alias: ENTRIES.map(({ name, code }) => ({ find: new RegExp(`^${name}$`), replacement: code })) },
  test: {
    include: ["test/docs/*.test.ts"],
    pool: "forks",
    // Pages of one file are open at the same time, so many.
    maxConcurrency: 3,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ["default", new ClosingLine()],
  },
});
