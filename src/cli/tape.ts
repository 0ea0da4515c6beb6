import { type Program, toDot, toJSON, toLatex, toText } from "../../graph/index.ts";
import { record } from "../transforms/record.ts";
import { type Command, parsed, UsageError } from "./command.ts";
import { json } from "./json.ts";
import { entryNamed } from "./registry.ts";

const FORMATS: Readonly<Record<string, (program: Program) => string>> = {
  text: toText,
  dot: toDot,
  latex: toLatex,
  json: (program) => json(toJSON(program)),
};

export const tape: Command = {
  name: "tape",
  usage: "OP [--format text|dot|latex|json]",
  summary: "what an op does, a line an operation",
  options: [["--format F", "text (the default), dot (for Graphviz), latex (for KaTeX) or json"]],
  run(args, terminal) {
    const { values, positionals } = parsed({
      args: [...args],
      options: { format: { type: "string", default: "text" } },
      allowPositionals: true,
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0)
      throw new UsageError("tape takes one op's name: wengert tape sqrt");
    const print = Object.hasOwn(FORMATS, values.format) ? FORMATS[values.format] : undefined;
    if (print === undefined) {
      throw new UsageError(
        `--format must be one of ${Object.keys(FORMATS).join(", ")}, got '${values.format}'`,
      );
    }
    const { f, x } = entryNamed(name).example(SEED);
    terminal.out(print(record(f, ...x)));
    return 0;
  },
};

/** Shapes are all that is printed of the inputs. */
const SEED = 0;
