import { type Command, parsed } from "./command.ts";
import { json } from "./json.ts";
import { entries } from "./registry.ts";

export const ops: Command = {
  name: "ops",
  usage: "[--json]",
  summary: "the names of all ops",
  options: [["--json", "as JSON"]],
  run(args, terminal) {
    const { values } = parsed({ args: [...args], options: { json: { type: "boolean", default: false } } });
    const all = [...entries().values()];
    if (values.json) {
      const rows = all.map(({ name, op }) => ({ name, isComposition: op === null }));
      terminal.out(json(rows));
    } else {
      for (const { name, op } of all) terminal.out(op === null ? `${name} (a composition of others)` : name);
    }
    return 0;
  },
};
