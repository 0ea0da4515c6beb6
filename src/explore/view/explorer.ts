import { ArgumentError, describe } from "../../../graph/index.ts";
import { checkedOptions, NONE } from "../../../graph/options.ts";
import type { CodePlace, TapeDocument } from "../document.ts";
import { CodePane } from "./codePane.ts";
import type { MathMarkup } from "./details.ts";
import { html } from "./elements.ts";
import { PassView } from "./passView.ts";
import { EXPLORER_STYLE } from "./style.ts";
import { TapeView } from "./tapeView.ts";
import type { Setting, View } from "./view.ts";
import { wordsIn } from "./words.ts";

export interface ExplorerOptions {
  /** Makes markup of LaTeX; formulas are plain text without. MathML needs no style sheet and no fonts. */
  readonly math?: MathMarkup;
  /** "en" or "zh"; that of the element's page unless given. */
  readonly language?: string;
  /** Told the line of code of the node that is looked at; null where it has none. */
  readonly onPlace?: (place: CodePlace | null) => void;
}

const OP = "mountExplorer";

/** An explorer on a page. */
export interface Explorer {
  /** Go to a node, by its id, and open what hides it. */
  reveal(id: number): Promise<void>;
  remove(): void;
}

/**
 * Show a tape in an element: in a shadow tree of its own, so that the page's styles and these do not meet.
 *
 * Colours are CSS variables (`--explorer-paper`, `--explorer-ink`, ...), and follow `color-scheme` where they are not
 * set.
 *
 * Needs the package `@dagrejs/dagre`.
 *
 * @throws ArgumentError for what is no element, no tape document, or no option
 */
export async function mountExplorer(
  host: HTMLElement,
  tape: TapeDocument,
  options: ExplorerOptions = NONE,
): Promise<Explorer> {
  const { language, math = null, onPlace } = checkedOptions(OP, options, ["math", "language", "onPlace"]);
  if (typeof host?.attachShadow !== "function") throw new ArgumentError(OP, "an element", describe(host));
  if (tape?.format !== "wengert/tape") {
    throw new ArgumentError(OP, "a tape document", describe(tape), "explore(f, ...x) makes one");
  }
  const words = wordsIn(language ?? host.closest("[lang]")?.getAttribute("lang") ?? "en");
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const code = new CodePane(tape.source, words);
  const setting: Setting = {
    words,
    math,
    onPlace(place) {
      code.mark(place);
      onPlace?.(place);
    },
  };
  const tapeView = new TapeView(tape, setting);
  const passes = tape.passes === null ? null : new PassView(tape.passes, setting);
  const controls = html("div", { class: "bar" });
  const stage = html("div");
  let shown: View | null = null;
  const tabs = new Map<View, HTMLButtonElement>();
  const show = async (view: View): Promise<void> => {
    shown?.close();
    shown = view;
    for (const [one, tab] of tabs) tab.setAttribute("aria-pressed", String(one === view));
    controls.replaceChildren(...view.bar);
    stage.replaceChildren(view.body);
    await view.open();
  };
  const heading = html("div", { class: "bar" }, html("h2", {}, tape.name));
  if (passes !== null) {
    for (const [view, text] of [
      [tapeView, words.tapeTab],
      [passes, words.passesTab],
    ] as const) {
      const tab = html("button", { type: "button", "aria-pressed": "false" }, text);
      tab.addEventListener("click", () => void show(view));
      tabs.set(view, tab);
      heading.append(tab);
    }
  }
  const root = html("div", { class: "root" }, heading, controls, stage, code.element);
  shadow.replaceChildren(html("style", {}, EXPLORER_STYLE), root);
  await show(tapeView);
  return {
    async reveal(id) {
      if (shown !== tapeView) await show(tapeView);
      await tapeView.reveal(id);
    },
    remove() {
      shown?.close();
      shadow.replaceChildren();
    },
  };
}
