import type { Kind } from "./kind.ts";
import { ON_COTANGENTS } from "./onCotangents.ts";
import { ON_LINES } from "./onLines.ts";

/** The errors that people make in a hand-derived backward. */
export const KINDS: readonly Kind[] = [...ON_LINES, ...ON_COTANGENTS];
