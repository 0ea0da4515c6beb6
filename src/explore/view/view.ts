import type { CodePlace } from "../document.ts";
import type { MathMarkup } from "./details.ts";
import type { Words } from "./words.ts";

/** What the two views, of the tape and of the passes, have from the explorer that they are in. */
export interface Setting {
  readonly words: Words;
  readonly math: MathMarkup | null;
  /** The line of code of what is looked at; null where it has none. */
  onPlace(place: CodePlace | null): void;
}

/** A view: a bar, and what is under it. */
export interface View {
  readonly bar: readonly HTMLElement[];
  readonly body: HTMLElement;
  /** Once it is on the page, and has a size. */
  open(): Promise<void>;
  close(): void;
}
