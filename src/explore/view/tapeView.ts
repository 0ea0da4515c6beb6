import { collapsed, isSingle, MOST_SHOWN, opened, openedTo, type Run } from "../collapse.ts";
import type { TapeDocument, TapeNode } from "../document.ts";
import { type Box, graphOf } from "../graph.ts";
import { lastMoment, type Moment, momentAt } from "../moments.ts";
import { BOX, groupLook, nodeLook } from "./box.ts";
import { details } from "./details.ts";
import { button, html } from "./elements.ts";
import { Figure } from "./figure.ts";
import { sentence } from "./sentence.ts";
import { Timeline } from "./timeline.ts";
import type { Setting, View } from "./view.ts";

/** The tape as a graph, walked forward and back. */
export class TapeView implements View {
  readonly bar: readonly HTMLElement[];
  readonly body: HTMLElement;
  readonly #document: TapeDocument;
  readonly #setting: Setting;
  readonly #nodes: ReadonlyMap<number, TapeNode>;
  readonly #figure: Figure;
  readonly #timeline: Timeline;
  readonly #saying: HTMLElement = html("p", { class: "moment", role: "status" });
  readonly #side: HTMLElement;
  #runs: readonly Run[];
  #boxes: ReadonlyMap<string, Box> = new Map();
  #moment: Moment;
  #selected: number | null = null;

  constructor(document: TapeDocument, setting: Setting) {
    const { words } = setting;
    this.#document = document;
    this.#setting = setting;
    this.#nodes = new Map(document.nodes.map((node) => [node.id, node]));
    this.#runs = collapsed(document.nodes.length);
    const last = lastMoment(document);
    this.#moment = momentAt(document, last);
    this.#side = html("div", { class: "side", role: "region", "aria-label": words.value, tabindex: 0 });
    this.#timeline = new Timeline(
      words.walk,
      { last, at: last },
      words,
      (position) => void this.#goTo(position),
    );
    const isLong = document.nodes.length > MOST_SHOWN;
    this.#figure = new Figure({
      words,
      label: words.nodes,
      boxSize: BOX,
      tools: isLong ? [button(words.collapse, "⊟", () => void this.#collapse())] : [],
      onVisit: (key) => this.#visit(key),
      onOpen: (key) => void this.#open(key),
    });
    this.bar = this.#timeline.elements;
    this.body = html(
      "div",
      {},
      this.#saying,
      html("div", { class: "panes" }, this.#figure.viewport.element, this.#side),
      html("p", { class: "legend" }, `${words.legend} ${words.keys}`),
    );
  }

  async open(): Promise<void> {
    await this.#draw();
    const [output] = this.#document.outputs;
    if (output !== undefined) this.#select(output);
    this.#figure.open();
    this.#show();
  }

  close(): void {
    this.#timeline.pause();
  }

  async #draw(): Promise<void> {
    const graph = graphOf(this.#document.nodes, this.#runs);
    this.#boxes = new Map(graph.boxes.map((box) => [box.key, box]));
    await this.#figure.draw(graph);
  }

  async #goTo(position: number): Promise<void> {
    this.#moment = momentAt(this.#document, position);
    const at = this.#moment.at ?? (this.#moment.phase === "seed" ? [...this.#moment.to][0] : null) ?? null;
    if (at !== null) {
      this.#selected = at;
      this.#figure.visit(this.#keyOf(at));
    }
    this.#show();
  }

  /** A node that is in a closed group is shown by its group. */
  #keyOf(id: number): string {
    if (this.#boxes.has(String(id))) return String(id);
    for (const { key, ids } of this.#boxes.values()) if (ids.includes(id)) return key;
    return String(id);
  }

  #visit(key: string): void {
    const box = this.#boxes.get(key);
    if (box === undefined) return;
    this.#selected = isSingle(box.run) ? box.ids[0]! : null;
    this.#show();
  }

  #select(id: number): void {
    this.#selected = id;
    this.#figure.visit(this.#keyOf(id));
  }

  async #open(key: string): Promise<void> {
    const box = this.#boxes.get(key);
    if (box === undefined || isSingle(box.run)) return;
    this.#runs = opened(this.#runs, box.run);
    await this.#redrawn(box.ids[0]!);
  }

  async #collapse(): Promise<void> {
    this.#runs = collapsed(this.#document.nodes.length);
    await this.#redrawn(this.#selected ?? this.#document.nodes[0]?.id ?? 0);
  }

  async #redrawn(id: number): Promise<void> {
    await this.#draw();
    const key = this.#keyOf(id);
    this.#figure.visit(key, true);
    this.#figure.open();
    this.#visit(key);
  }

  /** Open what it takes to see a node, and go there. */
  async reveal(id: number): Promise<void> {
    const place = this.#document.nodes.findIndex((node) => node.id === id);
    if (place < 0) return;
    const runs = openedTo(this.#runs, place);
    if (runs !== this.#runs) {
      this.#runs = runs;
      await this.#draw();
    }
    this.#select(id);
    this.#show();
  }

  #show(): void {
    const { words, math } = this.#setting;
    const moment = this.#moment;
    const lookOf = (key: string): ReturnType<typeof nodeLook> => {
      const box = this.#boxes.get(key)!;
      const [id] = box.ids;
      const node = isSingle(box.run) ? this.#nodes.get(id!) : undefined;
      if (node !== undefined) return nodeLook(node, moment, words);
      const labels = box.ids.map((one) => this.#nodes.get(one)!.label);
      return groupLook(box, labels, moment, words);
    };
    const at = moment.at === null ? null : this.#keyOf(moment.at);
    const to = new Set([...moment.to].map((id) => this.#keyOf(id)));
    this.#figure.look(lookOf, (from, end) => {
      if (moment.phase === "forward") return end === at;
      return moment.phase === "backward" && end === at && to.has(from);
    });
    const said = sentence(this.#document, moment, words);
    this.#saying.textContent = said;
    this.#timeline.describe(said);
    const node = this.#selected === null ? undefined : this.#nodes.get(this.#selected);
    this.#side.replaceChildren(
      ...(node === undefined ? [] : details(node, moment, words, math)).filter((part) => part !== null),
    );
    this.#setting.onPlace(node?.origin ?? null);
  }
}
