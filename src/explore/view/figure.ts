import type { Graph } from "../graph.ts";
import { type Layout, layoutOf, type Point } from "../layout.ts";
import { setAttributes, svg } from "./elements.ts";
import { Viewport } from "./viewport.ts";
import type { Words } from "./words.ts";

/** How a box looks at the moment. */
export interface BoxLook {
  readonly classes: string;
  /** What a screen reader says. */
  readonly label: string;
  readonly content: readonly SVGElement[];
}

export interface FigureOptions {
  readonly words: Words;
  readonly label: string;
  readonly boxSize: { readonly width: number; readonly height: number };
  readonly tools?: readonly Node[];
  /** The reader has gone to a box, by key, or by pointer. */
  onVisit(key: string): void;
  /** Enter, or a second click. */
  onOpen(key: string): void;
}

interface Drawn {
  readonly element: SVGGElement;
  readonly inside: SVGGElement;
}

/** A graph of boxes: one of them is visited, and can be left for its neighbours by the arrow keys. */
export class Figure {
  readonly viewport: Viewport;
  readonly #options: FigureOptions;
  readonly #edges: SVGGElement = svg("g", { "aria-hidden": "true" });
  readonly #nodes: SVGGElement;
  #drawn: ReadonlyMap<string, Drawn> = new Map();
  #drawnEdges: readonly {
    readonly from: string;
    readonly to: string;
    readonly parts: readonly SVGElement[];
  }[] = [];
  #graph: Graph = { boxes: [], edges: [] };
  #layout: Layout = { width: 0, height: 0, places: new Map(), paths: [] };
  #visited: string | null = null;

  constructor(options: FigureOptions) {
    this.#options = options;
    this.viewport = new Viewport(options.words, options.tools);
    this.#nodes = svg("g", { role: "listbox", "aria-label": options.label });
    this.viewport.layer.append(this.#edges, this.#nodes);
    this.#nodes.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get visited(): string | null {
    return this.#visited;
  }

  /** Lay out a graph and draw it; how its boxes look is said by `look`. */
  async draw(graph: Graph): Promise<void> {
    const { boxSize } = this.#options;
    this.#layout = await layoutOf(graph, () => boxSize);
    this.#graph = graph;
    this.viewport.setSize(this.#layout.width, this.#layout.height);
    this.#drawnEdges = this.#layout.paths.map(({ from, to, points }) => ({ from, to, parts: arrow(points) }));
    this.#edges.replaceChildren(...this.#drawnEdges.flatMap(({ parts }) => parts));
    this.#drawn = new Map(graph.boxes.map(({ key }) => [key, this.#box(key)]));
    this.#nodes.replaceChildren(...[...this.#drawn.values()].map(({ element }) => element));
    if (this.#visited === null || !this.#drawn.has(this.#visited))
      this.#visited = graph.boxes[0]?.key ?? null;
  }

  /** Show boxes as they are now. `flows` says whether an edge carries something at this moment. */
  look(lookOf: (key: string) => BoxLook, flows: (from: string, to: string) => boolean): void {
    for (const [key, { element, inside }] of this.#drawn) {
      const { classes, label, content } = lookOf(key);
      const isVisited = key === this.#visited;
      setAttributes(element, {
        class: `node ${classes}`,
        "aria-label": label,
        "aria-selected": isVisited ? "true" : "false",
        tabindex: isVisited ? 0 : -1,
      });
      inside.replaceChildren(...content);
    }
    for (const { from, to, parts } of this.#drawnEdges) {
      const isFlowing = flows(from, to);
      for (const part of parts) part.classList.toggle("flows", isFlowing);
    }
  }

  /** Go to a box. */
  visit(key: string, takesFocus = false): void {
    const drawn = this.#drawn.get(key);
    const place = this.#layout.places.get(key);
    if (drawn === undefined || place === undefined) return;
    const before = this.#visited === null ? undefined : this.#drawn.get(this.#visited);
    if (before !== undefined) setAttributes(before.element, { "aria-selected": "false", tabindex: -1 });
    this.#visited = key;
    setAttributes(drawn.element, { "aria-selected": "true", tabindex: 0 });
    const { width, height } = this.#options.boxSize;
    this.viewport.show(place.x, place.y, width + 16, height + 16);
    if (takesFocus) drawn.element.focus({ preventScroll: true });
  }

  /** As large as can be read, at the box that is visited. */
  open(): void {
    const { x, y } = this.#layout.places.get(this.#visited ?? "") ?? { x: 0, y: 0 };
    this.viewport.open(x, y);
  }

  #box(key: string): Drawn {
    const { width, height } = this.#options.boxSize;
    const { x, y } = this.#layout.places.get(key)!;
    const frame = { x: 0, y: 0, width, height, rx: 6 };
    const inside = svg("g", { "aria-hidden": "true" });
    const element = svg(
      "g",
      { role: "option", "data-key": key, transform: `translate(${x - width / 2} ${y - height / 2})` },
      svg("rect", { ...frame, class: "box" }),
      svg("rect", { class: "ring", x: -4, y: -4, width: width + 8, height: height + 8, rx: 9 }),
      inside,
    );
    element.addEventListener("click", () => {
      const isAgain = this.#visited === key;
      this.visit(key, true);
      this.#options.onVisit(key);
      if (isAgain) this.#options.onOpen(key);
    });
    return { element, inside };
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || this.#visited === null) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#options.onOpen(this.#visited);
      return;
    }
    const to = this.#neighbour(event.key, this.#visited);
    if (to === null) return;
    event.preventDefault();
    this.visit(to, true);
    this.#options.onVisit(to);
  }

  /** Up and down along edges; left and right, Home and End in the tape's order. */
  #neighbour(key: string, from: string): string | null {
    const { boxes, edges } = this.#graph;
    const at = boxes.findIndex((box) => box.key === from);
    if (key === "ArrowUp") return edges.find(({ to }) => to === from)?.from ?? null;
    if (key === "ArrowDown") return edges.find((edge) => edge.from === from)?.to ?? null;
    if (key === "ArrowLeft") return boxes[at - 1]?.key ?? null;
    if (key === "ArrowRight") return boxes[at + 1]?.key ?? null;
    if (key === "Home") return boxes[0]?.key ?? null;
    return key === "End" ? (boxes.at(-1)?.key ?? null) : null;
  }
}

/** A line through points, rounded at the bends, with a tip. */
function arrow(points: readonly Point[]): SVGElement[] {
  const last = points.at(-1);
  const before = points.at(-2);
  if (last === undefined || before === undefined) return [];
  let path = `M${points[0]!.x},${points[0]!.y}`;
  for (let k = 1; k < points.length - 1; k++) {
    const [here, next] = [points[k]!, points[k + 1]!];
    const end = k === points.length - 2 ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    path += ` Q${here.x},${here.y} ${end.x},${end.y}`;
  }
  if (points.length === 2) path += ` L${last.x},${last.y}`;
  const angle = (Math.atan2(last.y - before.y, last.x - before.x) * 180) / Math.PI;
  const tip = svg("path", {
    class: "tip",
    d: "M0,0 L-9,-4 L-9,4 Z",
    transform: `translate(${last.x} ${last.y}) rotate(${angle})`,
  });
  return [svg("path", { class: "edge", d: path }), tip];
}
