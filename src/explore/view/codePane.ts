import type { CodePlace, TapeDocument } from "../document.ts";
import { html } from "./elements.ts";
import type { Words } from "./words.ts";

/** The code, a line marked. */
export class CodePane {
  readonly element: HTMLElement;
  readonly #lines: readonly HTMLLIElement[];
  readonly #file: string | null;

  constructor(source: TapeDocument["source"], words: Words) {
    this.#file = source?.file ?? null;
    const lines = source === null ? [] : source.text.replace(/\n$/, "").split("\n");
    this.#lines = lines.map((line) => html("li", {}, line === "" ? " " : line));
    const list = html("ol", {}, ...this.#lines);
    this.element = html(
      "div",
      { class: "code", role: "region", "aria-label": `${words.code} ${this.#file ?? ""}`, tabindex: 0 },
      list,
    );
    this.element.hidden = source === null;
  }

  mark(place: CodePlace | null): void {
    const line = place !== null && place.file === this.#file ? place.line : 0;
    this.#lines.forEach((element, k) => {
      const isHere = k + 1 === line;
      element.classList.toggle("here", isHere);
      if (isHere) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    });
    const here = this.#lines[line - 1];
    // Within the pane alone: the page stays where it is.
    if (here !== undefined) {
      this.element.scrollTop = here.offsetTop - this.element.offsetTop - this.element.clientHeight / 2;
    }
  }
}
