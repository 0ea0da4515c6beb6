import type { System } from "../running/prepared.ts";
import { preparedTape } from "./tape.ts";
import { VERSION } from "./version.ts";

/** Define-by-run. */
export const system: System = {
  versions: { wengert: VERSION },
  isAsync: false,
  prepare: (inputs) => preparedTape(inputs, null),
};
