/** What the page and the worker that trains tell each other. */
import type { RaceStep } from "./race.ts";

export type ToTrainer =
  | { readonly kind: "start"; readonly scale: number }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" };

export type FromTrainer =
  | { readonly kind: "steps"; readonly steps: readonly RaceStep[] }
  | { readonly kind: "done" }
  | { readonly kind: "error"; readonly message: string };
