import { type Program, toDot, toJSON, toLatex, toText } from "../../graph/index.ts";
import { type Command, parsed, UsageError } from "./command.ts";
import { DTYPE_OPTION, dtypeFrom, SHAPES_OPTION, shapesFrom } from "./inputs.ts";
import { json } from "./json.ts";
import { subjectNamed } from "./subject.ts";

const FORMATS: Readonly<Record<string, (program: Program) => string>> = {
  text: toText,
  dot: toDot,
  latex: toLatex,
  json: (program) => json(toJSON(program)),
};

export const tape: Command = {
  name: "tape",
  usage: "OP|FILE#NAME [--format F]",
  summary: "what it does, a line an operation",
  options: [
    ["--format F", "text (the default), dot (for Graphviz), latex (for KaTeX) or json"],
    SHAPES_OPTION,
    DTYPE_OPTION,
  ],
  async run(args, terminal) {
    const { values, positionals } = parsed({
      args: [...args],
      options: {
        format: { type: "string", default: "text" },
        shapes: { type: "string" },
        dtype: { type: "string", default: "float64" },
      },
      allowPositionals: true,
    });
    const [word, ...rest] = positionals;
    if (word === undefined || rest.length > 0)
      throw new UsageError("tape takes one op's name: wengert tape sqrt, or wengert tape ./layer.ts#layer");
    const print = Object.hasOwn(FORMATS, values.format) ? FORMATS[values.format] : undefined;
    if (print === undefined) {
      throw new UsageError(
        `--format must be one of ${Object.keys(FORMATS).join(", ")}, got '${values.format}'`,
      );
    }
    const shapes = values.shapes === undefined ? null : shapesFrom(values.shapes);
    const { library, f, x } = await subjectNamed(word, {
      shapes,
      dtype: dtypeFrom(values.dtype),
      seed: SEED,
    });
    terminal.out(print(library.record(f, ...x)));
    return 0;
  },
};

/** Shapes are all that is printed of the inputs. */
const SEED = 0;
