/** The search index: made at build, loaded when the box is first opened, asked in the page itself. */
import type { DefaultTheme } from "vitepress";

export const search: NonNullable<DefaultTheme.Config["search"]> = {
  provider: "local",
  options: {
    // Text and code, without types on hover; of an API page each member is one section.
    _render(source, env, md) {
      const plain = source.replace(/^```ts$/gm, "```js");
      const isApi = env.relativePath.startsWith("api/");
      return md.render(isApi ? plain.replace(/^#{4,} (.*)$/gm, "**$1**") : plain, env);
    },
    // Chinese has no spaces between words: there each character is a term. (It is sent to the page as text.)
    miniSearch: {
      options: { tokenize: (text: string) => text.match(/\p{Script=Han}|[\p{L}\p{N}_]+/gu) ?? [] },
    },
    locales: {
      zh: {
        translations: {
          button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
          modal: {
            noResultsText: "没有找到：",
            resetButtonTitle: "清除",
            displayDetails: "显示详情",
            footer: { selectText: "打开", navigateText: "移动", closeText: "关闭" },
          },
        },
      },
    },
  },
};
