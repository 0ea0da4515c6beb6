import { extname } from "node:path";
import { type Command, parsed, UsageError } from "./command.ts";
import { demoJSON, makeDemo } from "./demo/data.ts";
import { demoReport } from "./demo/report.ts";
import { json } from "./json.ts";

export const demo: Command = {
  name: "demo",
  usage: "[--full] [--json] [--out FILE]",
  summary: "batch normalisation: tape, walk back, proof",
  options: [
    ["--full", "every number, not only means"],
    ["--json", "the same as JSON"],
    ["--out FILE", "where the picture goes: a name that ends in .svg or .dot"],
  ],
  async run(args, terminal) {
    const { values } = parsed({
      args: [...args],
      options: {
        full: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        out: { type: "string" },
      },
    });
    const out = values.out ?? null;
    if (out !== null && ![".svg", ".dot"].includes(extname(out))) {
      throw new UsageError(`--out must end in .svg or .dot, got '${out}'`);
    }
    const shown = await makeDemo({ out, milliseconds: 1000 });
    terminal.out(values.json ? json(demoJSON(shown)) : demoReport(shown, values.full, terminal.style));
    return shown.disagreements.length === 0 ? 0 : 1;
  },
};
