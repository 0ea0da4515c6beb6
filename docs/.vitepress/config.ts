import { defineConfig } from "vitepress";
import { markdown } from "./markdown.ts";
import { nav, sidebar, zh } from "./navigation.ts";
import { writeServiceWorker } from "./offline.ts";
import { DOCS, ENTRIES, ROOT } from "./paths.ts";
import { search } from "./search.ts";

/** The path under which the site will stand: "/", or "/wengert/" for a project's page. */
const base = process.env["WENGERT_DOCS_BASE"] ?? "/";

const description =
  "Write a layer as its formula, get its gradient from a tape, and have your hand-derived backward certified against it.";

export default defineConfig({
  base,
  title: "wengert",
  description,
  lastUpdated: false,
  srcExclude: ["README.md"],
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: `${base}logo.svg` }],
    ["meta", { name: "theme-color", content: "#faf8f3" }],
  ],
  locales: {
    root: { label: "English", lang: "en-GB" },
    zh: {
      label: "简体中文",
      lang: "zh-CN",
      link: "/zh/",
      description: "把一层写成公式，梯度来自计算带，手推的反向传播由它来验证。",
      themeConfig: zh,
    },
  },
  markdown,
  buildEnd: ({ outDir }) => writeServiceWorker(outDir, base),
  themeConfig: {
    logo: "/logo.svg",
    i18nRouting: false,
    nav,
    sidebar,
    search,
    outline: [2, 3],
    externalLinkIcon: true,
  },
  vite: {
    resolve: {
      // The longest first: "wengert" would take "wengert/nn" too.
      alias: [...ENTRIES]
        .reverse()
        .map(({ name, code }) => ({ find: new RegExp(`^${name}$`), replacement: code })),
    },
    server: { fs: { allow: [ROOT, DOCS] } },
    // The search index is larger than is thought good, and is loaded when it is wanted.
    build: { target: "es2022", chunkSizeWarningLimit: 3000 },
    // A worker is one file: the library knows its own frames in a stack by the file that they are in.
    worker: { format: "es", rollupOptions: { output: { inlineDynamicImports: true } } },
    esbuild: { target: "es2022" },
  },
});
