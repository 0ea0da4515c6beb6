import { button, html } from "./elements.ts";
import type { Words } from "./words.ts";

/** A slider with buttons: one step back, one on, to either end, and all of it by itself. */
export class Timeline {
  readonly elements: readonly HTMLElement[];
  readonly #range: HTMLInputElement;
  readonly #play: HTMLButtonElement;
  readonly #words: Words;
  readonly #onMove: (position: number) => void;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    label: string,
    range: { readonly last: number; readonly at: number },
    words: Words,
    onMove: (position: number) => void,
  ) {
    this.#words = words;
    this.#onMove = onMove;
    this.#range = html("input", {
      type: "range",
      min: 0,
      max: range.last,
      step: 1,
      value: range.at,
      "aria-label": label,
    });
    this.#range.addEventListener("input", () => {
      this.pause();
      onMove(this.position);
    });
    const by = (step: number) => () => {
      this.pause();
      this.#go(this.position + step);
    };
    this.#play = button(words.play, words.play, () => (this.#timer === null ? this.#start() : this.pause()));
    this.elements = [
      button(words.first, "|◀", by(Number.NEGATIVE_INFINITY)),
      button(words.back, "◀", by(-1)),
      this.#range,
      button(words.next, "▶", by(1)),
      button(words.last, "▶|", by(Number.POSITIVE_INFINITY)),
      this.#play,
    ];
  }

  get position(): number {
    return this.#range.valueAsNumber;
  }

  /** What the position is, in words. */
  describe(text: string): void {
    this.#range.setAttribute("aria-valuetext", text);
  }

  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#named(this.#words.play);
  }

  #start(): void {
    if (this.position === Number(this.#range.max)) this.#go(0);
    this.#named(this.#words.pause);
    this.#timer = setInterval(() => {
      this.#go(this.position + 1);
      if (this.position === Number(this.#range.max)) this.pause();
    }, STEP);
  }

  #go(position: number): void {
    this.#range.value = String(Math.max(0, Math.min(position, Number(this.#range.max))));
    this.#onMove(this.position);
  }

  #named(text: string): void {
    this.#play.textContent = text;
    this.#play.setAttribute("aria-label", text);
    this.#play.title = text;
  }
}

/** Milliseconds a step, when it plays: long enough to read what happens. */
const STEP = 1100;
