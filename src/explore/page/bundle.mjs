// Makes the one script that a page of `wengert tape --html` holds: the explorer with dagre and KaTeX, from what tsc has
// built. Part of the build, because whoever installs the package has neither a bundler nor those two.
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = (path) => fileURLToPath(new URL(`../../../dist/src/explore/${path}`, import.meta.url));

const entry = built("page/entry.js");
const bundle = built("page/bundle.js");

/** Nothing has changed since: tsc leaves alone what comes out the same, and touches this when anything has. */
function isFresh() {
  const state = fileURLToPath(new URL("../../../dist/.tsbuildinfo/src.tsbuildinfo", import.meta.url));
  const newest = Math.max(...[state, fileURLToPath(import.meta.url)].map((file) => statSync(file).mtimeMs));
  return existsSync(bundle) && statSync(bundle).mtimeMs >= newest;
}

/** What the licences of the packages inside ask for: that they are in every copy. */
function licences() {
  return ["@dagrejs/dagre", "katex"].map((name) => {
    const text = readFileSync(new URL(`../../../node_modules/${name}/LICENSE`, import.meta.url), "utf8");
    return `/*! ${name}\n${text.trim()}\n*/`;
  });
}

if (!isFresh()) {
  const { build } = await import("rolldown");
  await build({
    input: entry,
    platform: "browser",
    logLevel: "warn",
    output: {
      file: bundle,
      format: "iife",
      codeSplitting: false,
      minify: true,
      comments: false,
      postBanner: licences().join("\n"),
    },
  });
}
