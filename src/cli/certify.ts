import { certifyWith } from "../certify/certify.ts";
import { type Command, parsed, UsageError, wholeNumber } from "./command.ts";
import { json } from "./json.ts";
import { entryNamed } from "./registry.ts";

export const certify: Command = {
  name: "certify",
  usage: "OP [--order N] [--seed N] [--json]",
  summary: "how many digits of its derivatives are right",
  options: [
    ["--order N", "the highest order of derivative: 1, 2 or 3 (2)"],
    ["--seed N", "the seed of its inputs and directions (1): the same seed gives the same report"],
    ["--json", "as JSON"],
  ],
  run(args, terminal) {
    const { values, positionals } = parsed({
      args: [...args],
      options: {
        order: { type: "string", default: "2" },
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0) {
      throw new UsageError("certify takes one op's name: wengert certify sqrt");
    }
    const seed = wholeNumber("--seed", values.seed);
    const order = orderOf(values.order);
    const { op, example } = entryNamed(name);
    const { x, params, f } = example(seed);
    const report =
      op === null ? certifyWith({ seed, order }, f, ...x) : certifyWith({ seed, order, params }, op, ...x);
    terminal.out(values.json ? json(report) : report.toString());
    // A report that shows nothing is no pass either.
    return report.verdict === "agrees" ? 0 : 1;
  },
};

function orderOf(value: string): 1 | 2 | 3 {
  const order = ([1, 2, 3] as const).find((n) => String(n) === value);
  if (order === undefined) throw new UsageError(`--order takes 1, 2 or 3, not '${value}'`);
  return order;
}
