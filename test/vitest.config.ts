import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import ClosingLine from "./closing-line.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const chromium = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const browserTests = `${root}test/browser`;

/** Files that need modules, or an `expect`, that no other file has touched, or that replace modules for a while. */
const apart = [
  "test/cs231n/report.plot.test.ts",
  "test/data/packages.test.ts",
  "test/matchers/plain.test.ts",
  "test/modules.test.ts",
  "test/wasm/fallback.test.ts",
];

const elsewhere = ["test/browser/**", "test/bench/**", "test/docs/**"];

const node: TestProjectConfiguration = {
  extends: true,
  test: {
    name: "node",
    include: ["test/**/*.test.ts"],
    exclude: [...elsewhere, ...apart],
    pool: "forks",
    // Modules are loaded once a worker, not once a file: that is a third of the time. The order of files is not fixed,
    // so what a test changes of them it puts back.
    isolate: false,
  },
};

const alone: TestProjectConfiguration = {
  extends: true,
  test: { name: "apart", include: apart, exclude: elsewhere, pool: "forks", isolate: true },
};

/** Headless, as root, and cross-origin isolated: without the headers a page has no SharedArrayBuffer. */
async function browser(): Promise<TestProjectConfiguration> {
  const { playwright } = await import("@vitest/browser-playwright");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
  return {
    extends: true,
    server: {
      headers: {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      },
    },
    test: {
      name: "browser",
      include: ["test/browser/**/*.test.ts"],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath: chromium, args } }),
        instances: [{ browser: "chromium" }],
      },
    },
  };
}

function whyNoBrowser(): string | undefined {
  const files = existsSync(browserTests) ? readdirSync(browserTests, { recursive: true }) : [];
  if (!files.some((file) => String(file).endsWith(".test.ts"))) return "there are none in test/browser";
  if (!existsSync(chromium)) return `no ${chromium} (apt-get install chromium, or set CHROMIUM)`;
  return undefined;
}

const missing = whyNoBrowser();
const note = missing && `browser tests are left out: ${missing}`;

export default defineConfig({
  root,
  test: {
    // One worker fewer than cores is the default: with two cores that is one.
    maxWorkers: availableParallelism(),
    // No test is judged by how long it takes: this is for one that never ends.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: missing ? [node, alone] : [node, alone, await browser()],
    reporters: ["default", new ClosingLine(note)],
    coverage: {
      provider: "v8",
      include: ["{graph,ops,src}/**/*.ts"],
      reporter: ["text", "json-summary"],
    },
  },
});
