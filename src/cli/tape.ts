import { writeFileSync } from "node:fs";
import { type Program, toDot, toJSON, toLatex, toText } from "../../graph/index.ts";
import { type Command, parsed, UsageError } from "./command.ts";
import { DTYPE_OPTION, dtypeFrom, SHAPES_OPTION, shapesFrom } from "./inputs.ts";
import { json } from "./json.ts";
import { subjectNamed } from "./subject.ts";
import { tapePage } from "./tapePage.ts";

const FORMATS: Readonly<Record<string, (program: Program) => string>> = {
  text: toText,
  dot: toDot,
  latex: toLatex,
  json: (program) => json(toJSON(program)),
};

export const tape: Command = {
  name: "tape",
  usage: "OP|FILE#NAME [--format F|--html FILE]",
  summary: "what it does, a line an operation",
  options: [
    ["--format F", "text (the default), dot (for Graphviz), latex (for KaTeX) or json"],
    ["--html FILE", "write it there as a page to walk through: one file, which needs no other"],
    SHAPES_OPTION,
    DTYPE_OPTION,
  ],
  async run(args, terminal) {
    const { values, positionals } = parsed({
      args: [...args],
      options: {
        format: { type: "string" },
        html: { type: "string" },
        shapes: { type: "string" },
        dtype: { type: "string", default: "float64" },
      },
      allowPositionals: true,
    });
    const [word, ...rest] = positionals;
    if (word === undefined || rest.length > 0)
      throw new UsageError("tape takes one op's name: wengert tape sqrt, or wengert tape ./layer.ts#layer");
    const { format = "text", html } = values;
    const print = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    if (print === undefined) {
      throw new UsageError(`--format must be one of ${Object.keys(FORMATS).join(", ")}, got '${format}'`);
    }
    if (html !== undefined && values.format !== undefined)
      throw new UsageError("--html goes without --format");
    const shapes = values.shapes === undefined ? null : shapesFrom(values.shapes);
    const subject = await subjectNamed(word, {
      shapes,
      dtype: dtypeFrom(values.dtype),
      seed: SEED,
    });
    if (html === undefined) {
      terminal.out(print(subject.library.record(subject.f, ...subject.x)));
      return 0;
    }
    writeFileSync(html, await tapePage(word, subject));
    terminal.out(`${html}: the tape of ${subject.name}, to be opened in a browser`);
    return 0;
  },
};

/** Of the inputs. Their shapes are all that is printed of them; a page shows their numbers too. */
const SEED = 0;
