import { declaredConventions } from "../conventions/conventions.ts";
import { conventionsPage } from "../conventions/page.ts";
import { certificates, certificatesTable } from "./certificates.ts";
import { type Command, parsed, UsageError } from "./command.ts";
import { json } from "./json.ts";
import { entries } from "./registry.ts";

export const ops: Command = {
  name: "ops",
  usage: "[options]",
  summary: "the names of all ops",
  options: [
    ["--certificates", "with the digits to which their derivatives are right: what certify --all prints"],
    ["--conventions", "what each returns where it has no derivative, and why: the page docs/conventions.md"],
    ["--json", "as JSON"],
  ],
  run(args, terminal) {
    const { values } = parsed({
      args: [...args],
      options: {
        certificates: { type: "boolean", default: false },
        conventions: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    if (values.certificates && values.conventions) {
      throw new UsageError("ops lists --certificates or --conventions, one at a time");
    }
    if (values.conventions) {
      terminal.out(values.json ? json(declaredConventions()) : conventionsPage());
      return 0;
    }
    if (values.certificates) {
      const made = certificates(1, 2);
      terminal.out(values.json ? json(made) : certificatesTable(made));
      return 0;
    }
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
