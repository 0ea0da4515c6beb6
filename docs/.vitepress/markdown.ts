/** How pages are read: formulas by KaTeX, code coloured by variables of our own, types on hover. */
import { readFileSync } from "node:fs";
import { katex } from "@mdit/plugin-katex";
import { createCssVariablesTheme } from "shiki";
import type { MarkdownOptions } from "vitepress";
import { hovers } from "./hovers.ts";
import { DOCS } from "./paths.ts";

/** One theme, whose colours are variables: the page's two colour schemes set them (theme/code.css). */
const theme = createCssVariablesTheme({ name: "wengert", variablePrefix: "--code-", fontStyle: true });

/**
 * A live example has its program inside, coloured and with its types, and what it prints: that is what stands there
 * until the editor is loaded, and what stands there for whoever has no scripts.
 */
function withPrograms(source: string): string {
  return source.replace(/^<LiveExample name="([\w-]+)" \/>$/gm, (_, name: string) => {
    const read = (kind: string): string => readFileSync(`${DOCS}examples/${name}.${kind}`, "utf8");
    const blocks = `\`\`\`ts\n${read("ts")}\`\`\`\n\n\`\`\`text\n${read("txt")}\`\`\``;
    return `<LiveExample name="${name}">\n\n${blocks}\n\n</LiveExample>`;
  });
}

/** Typedoc says where its links lead by an anchor before each heading; two that differ in case only need it. */
function withOwnAnchors(source: string): string {
  return source.replace(/^<a id="([^"]+)"><\/a>\n\n(#+ .*)$/gm, "$2 {#$1}");
}

export const markdown: MarkdownOptions = {
  theme,
  languageAlias: { "ts-sketch": "ts" },
  codeTransformers: [hovers],
  config(md) {
    // Two releases of markdown-it's types meet here, which differ in an optional parameter.
    katex(md as Parameters<typeof katex>[0], {
      output: "htmlAndMathml",
      // Braces in a formula are not Vue's: `{{x}}` stands in what is kept of its source.
      transformer: (html) => html.replace(/<span class="katex/, '<span v-pre class="katex'),
    });
    md.core.ruler.before("normalize", "live-examples", (state) => {
      state.src = withPrograms(withOwnAnchors(state.src));
    });
    const fence = md.renderer.rules.fence!;
    md.renderer.rules.fence = (tokens, i, options, env, self) => {
      const token = tokens[i]!;
      const isOurs = !String(env.relativePath ?? "").startsWith("api/");
      if (isOurs && /^ts(\s|$)/.test(token.info)) token.info = `${token.info} twoslash`;
      return fence(tokens, i, options, env, self);
    };
  },
};
