/** What a compiled function does, loop by loop, as text. */
import type { Entry } from "./compile.ts";

export function explained({ executable }: Entry): string {
  return `${executable.lowered.steps.length} steps\n`;
}
