import { folder } from "../.vitepress/navigation.ts";

export interface Note {
  readonly title: string;
  readonly link: string;
}

declare const data: readonly Note[];

export { data };

export default {
  watch: ["./*.md"],
  /** Links relative to the folder, so that they hold wherever the site stands. */
  load: (): readonly Note[] =>
    folder("decisions").map(({ text, link }) => ({
      title: text ?? "",
      link: `./${link?.split("/").at(-1)}.html`,
    })),
};
