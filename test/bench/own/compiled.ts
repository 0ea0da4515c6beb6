import { type System, Unsupported } from "../running/prepared.ts";
import { canDonate, compile } from "./compile.ts";
import { preparedTape } from "./tape.ts";
import { VERSION } from "./version.ts";

/** Through `compile`. */
export const system: System = {
  versions: { wengert: VERSION, "its steps": canDonate ? "donate" : "do not donate" },
  isAsync: false,
  prepare(inputs) {
    if (compile === null) throw new Unsupported("this version has no compile");
    return preparedTape(inputs, compile);
  },
};
