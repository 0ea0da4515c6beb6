import type { PassReplay } from "../document.ts";
import { graphOf } from "../graph.ts";
import { lastPatch, type PassMoment, passMomentAt, union } from "../passMoments.ts";
import { clipped } from "./box.ts";
import { html, svg } from "./elements.ts";
import { type BoxLook, Figure } from "./figure.ts";
import { Timeline } from "./timeline.ts";
import type { Setting, View } from "./view.ts";

const BOX = { width: 184, height: 44 } as const;

/** What passes did to a program, patch by patch. */
export class PassView implements View {
  readonly bar: readonly HTMLElement[];
  readonly body: HTMLElement;
  readonly #replay: PassReplay;
  readonly #setting: Setting;
  readonly #figure: Figure;
  readonly #timeline: Timeline;
  readonly #saying: HTMLElement = html("p", { class: "moment", role: "status" });
  readonly #listing: HTMLElement = html("ol", { class: "listing" });
  #moment: PassMoment;

  constructor(replay: PassReplay, setting: Setting) {
    const { words } = setting;
    this.#replay = replay;
    this.#setting = setting;
    this.#moment = passMomentAt(replay, 0);
    this.#timeline = new Timeline(words.patches, { last: lastPatch(replay), at: 0 }, words, (position) => {
      this.#moment = passMomentAt(replay, position);
      const [touched] = this.#moment.touched;
      if (touched !== undefined) this.#figure.visit(String(touched));
      this.#show();
    });
    this.#figure = new Figure({
      words,
      label: words.nodes,
      boxSize: BOX,
      onVisit: () => undefined,
      onOpen: () => undefined,
    });
    this.bar = this.#timeline.elements;
    const side = { class: "side", role: "region", "aria-label": words.passesTab, tabindex: 0 };
    this.body = html(
      "div",
      {},
      this.#saying,
      html("div", { class: "panes" }, this.#figure.viewport.element, html("div", side, this.#listing)),
      html("p", { class: "legend" }, words.passesLegend),
    );
  }

  async open(): Promise<void> {
    const nodes = union(this.#replay);
    await this.#figure.draw(
      graphOf(
        nodes,
        nodes.map((_, k) => ({ start: k, end: k + 1 })),
      ),
    );
    this.#figure.open();
    this.#show();
    this.#setting.onPlace(null);
  }

  close(): void {
    this.#timeline.pause();
  }

  #show(): void {
    const { words } = this.#setting;
    const moment = this.#moment;
    const all = union(this.#replay);
    this.#figure.look(
      (key): BoxLook => {
        const id = Number(key);
        const now = moment.nodes.get(id);
        const node = now ?? all.find((one) => one.id === id)!;
        return {
          classes: [
            node.isInput ? "input" : "op",
            now === undefined ? (moment.gone.has(id) ? "gone" : "future") : "",
            moment.touched.has(id) ? "changed at" : "",
            moment.outputs.includes(id) ? "output" : "",
          ].join(" "),
          label: now === undefined ? words.drops(node.label) : `${node.label} = ${node.text}`,
          content: [
            svg("text", { class: "label", x: 9, y: 17 }, clipped(node.label, 22)),
            svg("text", { class: "formula", x: 9, y: 34 }, clipped(node.text, 26)),
          ],
        };
      },
      () => false,
    );
    this.#listing.replaceChildren(
      ...all.flatMap((node) => {
        const now = moment.nodes.get(node.id);
        if (now === undefined && !moment.gone.has(node.id)) return [];
        const { label, text } = now ?? node;
        const looks = `${now === undefined ? "gone" : ""} ${moment.touched.has(node.id) ? "changed" : ""}`;
        return html("li", { class: looks.trim() || null }, `${label} = ${text}`);
      }),
    );
    const said = this.#sentence();
    this.#saying.textContent = said;
    this.#timeline.describe(said);
  }

  #sentence(): string {
    const { words } = this.#setting;
    const { step, steps, pass, changes } = this.#moment;
    if (pass === null) return words.before;
    const what = changes.map((change) => {
      if (change.kind === "drop") return words.drops(change.label);
      return change.kind === "outputs"
        ? words.returns
        : words.becomes(change.node.label, change.node.text, change.rule);
    });
    return words.patch(step, steps, pass, what.join("; "));
  }
}
