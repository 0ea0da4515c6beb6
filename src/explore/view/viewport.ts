import { button, html, setAttributes, svg } from "./elements.ts";
import type { Words } from "./words.ts";

/** How much smaller than life a graph may be shown before its words cannot be read. */
const READABLE = 0.8;

/** A drawing that can be moved and made larger: by dragging, by pinching (or Ctrl and the wheel), by buttons. */
export class Viewport {
  readonly element: HTMLElement;
  /** What is drawn goes in here. */
  readonly layer: SVGGElement = svg("g", { class: "moves" });
  readonly #svg: SVGSVGElement = svg("svg", {}, this.layer);
  #size: { readonly width: number; readonly height: number } = { width: 1, height: 1 };
  #x = 0;
  #y = 0;
  #scale = 1;

  constructor(words: Words, tools: readonly Node[] = []) {
    const zoomed = (factor: number) => () => this.#zoom(factor);
    this.element = html(
      "div",
      { class: "canvas" },
      this.#svg,
      html(
        "div",
        { class: "tools", role: "group", "aria-label": words.graph },
        button(words.zoomIn, "+", zoomed(1.25)),
        button(words.zoomOut, "−", zoomed(1 / 1.25)),
        button(words.fit, "⤢", () => this.fit()),
        ...tools,
      ),
    );
    this.#listen();
  }

  /** Of the drawing. */
  setSize(width: number, height: number): void {
    this.#size = { width: Math.max(width, 1), height: Math.max(height, 1) };
  }

  /** All of it, in the middle, never larger than life. */
  fit(): void {
    const { width, height } = this.#frame();
    this.#scale = Math.min(1, width / this.#size.width, height / this.#size.height);
    this.#x = (width - this.#size.width * this.#scale) / 2;
    this.#y = (height - this.#size.height * this.#scale) / 2;
    this.#place();
  }

  /** As large as can be read, with this point in the middle where not all of it can be seen. */
  open(x: number, y: number): void {
    this.fit();
    if (this.#scale >= READABLE) return;
    this.#scale = READABLE;
    this.#center(x, y);
  }

  /** Move as little as it takes to see a box around this point. */
  show(x: number, y: number, boxWidth: number, boxHeight: number): void {
    const { width, height } = this.#frame();
    const [left, top] = [
      this.#x + (x - boxWidth / 2) * this.#scale,
      this.#y + (y - boxHeight / 2) * this.#scale,
    ];
    const [right, bottom] = [left + boxWidth * this.#scale, top + boxHeight * this.#scale];
    if (left >= 0 && top >= 0 && right <= width && bottom <= height) return;
    this.#center(x, y);
  }

  #center(x: number, y: number): void {
    const { width, height } = this.#frame();
    const along = (at: number, frame: number, size: number): number => {
      const whole = size * this.#scale;
      if (whole <= frame) return (frame - whole) / 2;
      return Math.min(0, Math.max(frame - whole, frame / 2 - at * this.#scale));
    };
    this.#x = along(x, width, this.#size.width);
    this.#y = along(y, height, this.#size.height);
    this.#place();
  }

  #zoom(factor: number, at?: { readonly x: number; readonly y: number }): void {
    const { width, height } = this.#frame();
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const scale = Math.min(3, Math.max(0.05, this.#scale * factor));
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.#place();
  }

  #place(): void {
    setAttributes(this.layer, { transform: `translate(${this.#x} ${this.#y}) scale(${this.#scale})` });
  }

  #frame(): { readonly width: number; readonly height: number } {
    const { clientWidth, clientHeight } = this.#svg;
    return { width: Math.max(clientWidth, 1), height: Math.max(clientHeight, 1) };
  }

  #listen(): void {
    let from: { readonly x: number; readonly y: number } | null = null;
    this.#svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = { x: event.clientX - this.#x, y: event.clientY - this.#y };
    });
    this.#svg.addEventListener("pointermove", (event) => {
      if (from === null || event.buttons === 0) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      // A click trembles.
      if (!this.#svg.hasPointerCapture(event.pointerId)) {
        if (Math.hypot(x - this.#x, y - this.#y) < 4) return;
        this.#svg.setPointerCapture(event.pointerId);
        this.#svg.classList.add("dragging");
      }
      this.#x = x;
      this.#y = y;
      this.#place();
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      this.#svg.addEventListener(end, () => {
        from = null;
        this.#svg.classList.remove("dragging");
      });
    }
    this.#svg.addEventListener(
      "wheel",
      (event) => {
        // The plain wheel is the page's.
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const { left, top } = this.#svg.getBoundingClientRect();
        this.#zoom(Math.exp(-event.deltaY * 0.01), { x: event.clientX - left, y: event.clientY - top });
      },
      { passive: false },
    );
  }
}
