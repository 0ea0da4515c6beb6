import { ArgumentError, describe } from "../../graph/index.ts";

/** What a network is being run for: batch norm and dropout do different things in the two. */
export type Mode = "training" | "evaluation";

/** @throws ArgumentError for anything else */
export function checkedMode(op: string, mode: unknown): Mode {
  if (mode === "training" || mode === "evaluation") return mode;
  throw new ArgumentError(op, 'mode to be "training" or "evaluation"', describe(mode));
}
