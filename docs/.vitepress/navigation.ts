/** What stands in the bar and at the side. A page that is not there is not listed. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { DefaultTheme } from "vitepress";
import { DOCS } from "./paths.ts";

type Item = DefaultTheme.SidebarItem;

const isThere = (link: string): boolean =>
  existsSync(`${DOCS}${link.slice(1)}${link.endsWith("/") ? "index" : ""}.md`);

const pages = (items: readonly (readonly [text: string, link: string])[]): Item[] =>
  items.filter(([, link]) => isThere(link)).map(([text, link]) => ({ text, link }));

/** The pages of a folder, by their first headings, in the order of their names. */
export function folder(name: string): Item[] {
  if (!existsSync(DOCS + name)) return [];
  return readdirSync(DOCS + name)
    .filter((file) => file.endsWith(".md") && file !== "index.md")
    .sort()
    .map((file) => {
      const heading = /^# (.*)$/m.exec(readFileSync(`${DOCS}${name}/${file}`, "utf8"))?.[1] ?? file;
      return { text: heading.replaceAll("`", ""), link: `/${name}/${file.slice(0, -3)}` };
    });
}

/** One page an entry of the package, as typedoc writes them at build. */
const api: Item[] = [
  {
    text: "API reference",
    items: pages([
      ["All modules", "/api/"],
      ["wengert", "/api/wengert"],
      ["wengert/ops", "/api/wengert/ops/"],
      ["wengert/graph", "/api/wengert/graph"],
      ["wengert/nn", "/api/wengert/nn"],
      ["wengert/optim", "/api/wengert/optim"],
      ["wengert/data", "/api/wengert/data"],
      ["wengert/train", "/api/wengert/train"],
      ["wengert/train/node", "/api/wengert/train/node"],
      ["wengert/io", "/api/wengert/io"],
      ["wengert/matchers", "/api/wengert/matchers"],
      ["wengert/vitest", "/api/wengert/vitest"],
      ["wengert/fluent", "/api/wengert/fluent"],
    ]),
  },
];

const guide: Item[] = [
  {
    text: "Learn",
    items: pages([
      ["Start", "/start"],
      ["The tape", "/tape"],
      ["Batch norm, three ways", "/batch-norm"],
      ["Derivations", "/derive"],
      ["CS231n", "/cs231n"],
    ]),
  },
  {
    text: "Make",
    items: pages([
      ["Compose a layer", "/compose"],
      ["Register a fused op", "/register"],
      ["Prove it", "/prove"],
      ["What a verdict means", "/verdicts"],
      ["Make it fast", "/fast"],
      ["Benchmarks", "/benchmarks"],
    ]),
  },
  {
    text: "Look up",
    items: pages([
      ["Conventions", "/conventions"],
      ["Coming from PyTorch, JAX, TensorFlow.js", "/coming-from"],
      ["Why is this gradient zero?", "/explain"],
      ["Questions", "/faq"],
      ["API reference", "/api/"],
      ["Decisions", "/decisions/"],
    ]),
  },
  // Not collapsed: the stock theme's button around a link is out of reach by keyboard in some browsers.
  { text: "Passes", items: folder("passes") },
].filter(({ items }) => items.length > 0);

export const nav: DefaultTheme.NavItem[] = [
  { text: "Start", link: "/start" },
  { text: "Batch norm", link: "/batch-norm" },
  { text: "API", link: "/api/" },
];

export const sidebar: DefaultTheme.Sidebar = { "/": guide, "/api/": api };

export const zh: DefaultTheme.Config = {
  outline: { level: [2, 3], label: "本页目录" },
  docFooter: { prev: "上一页", next: "下一页" },
  sidebarMenuLabel: "菜单",
  returnToTopLabel: "回到顶部",
  langMenuLabel: "语言",
  darkModeSwitchLabel: "外观",
  lightModeSwitchTitle: "切换到浅色",
  darkModeSwitchTitle: "切换到深色",
  skipToContentLabel: "跳到正文",
  nav: [
    { text: "首页", link: "/zh/" },
    { text: "批归一化", link: "/zh/batch-norm" },
    { text: "API", link: "/api/" },
  ],
  sidebar: [{ text: "学习", items: pages([["批归一化的三种写法", "/zh/batch-norm"]]) }],
};
