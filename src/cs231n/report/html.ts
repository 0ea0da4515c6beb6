import { oneLine } from "./text.ts";

/** Text as HTML shows it, in an element or in a quoted attribute. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Names for elements and files: letters, digits and hyphens, and no two the same. */
export class Names {
  readonly #taken = new Set<string>();

  take(text: string): string {
    const base =
      text
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .replace(/^-+|-+$/g, "")
        // File systems have an end to their patience.
        .slice(0, 80) || "unnamed";
    let unique = base;
    // Where "a" and "A" are one file, they are here too.
    for (let k = 2; this.#taken.has(unique.toLowerCase()); k += 1) unique = `${base}-${k}`;
    this.#taken.add(unique.toLowerCase());
    return unique;
  }
}
