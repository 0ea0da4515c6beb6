import { certifyWith } from "../certify/certify.ts";
import { type Command, parsed, UsageError, wholeNumber } from "./command.ts";
import { json } from "./json.ts";
import { entryNamed } from "./registry.ts";

export const certify: Command = {
  name: "certify",
  usage: "OP [--seed N] [--json]",
  summary: "how many digits of its derivatives are right",
  options: [
    ["--seed N", "the seed of its inputs and directions (1): the same seed gives the same report"],
    ["--json", "as JSON"],
  ],
  run(args, terminal) {
    const { values, positionals } = parsed({
      args: [...args],
      options: { seed: { type: "string", default: "1" }, json: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0) {
      throw new UsageError("certify takes one op's name: wengert certify sqrt");
    }
    const seed = wholeNumber("--seed", values.seed);
    const { op, example } = entryNamed(name);
    const { x, params, f } = example(seed);
    const report = op === null ? certifyWith({ seed }, f, ...x) : certifyWith({ seed, params }, op, ...x);
    terminal.out(values.json ? json(report) : report.toString());
    // A report that shows nothing is no pass either.
    return report.verdict === "agrees" ? 0 : 1;
  },
};
