import { type Command, parsed, UsageError } from "./command.ts";
import { DTYPE_OPTION, dtypeFrom, SHAPES_OPTION, shapesFrom } from "./inputs.ts";
import { subjectNamed } from "./subject.ts";

const FORMATS: readonly string[] = ["text", "latex"];

export const derive: Command = {
  name: "derive",
  usage: "OP|FILE#NAME [--format F]",
  summary: "its backward, step by step to the closed form",
  options: [["--format F", "text (the default) or latex (for KaTeX)"], SHAPES_OPTION, DTYPE_OPTION],
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
    if (word === undefined || rest.length > 0) {
      throw new UsageError(
        "derive takes one op's name: wengert derive batchNorm, or wengert derive ./layer.ts#layer",
      );
    }
    if (!FORMATS.includes(values.format)) {
      throw new UsageError(`--format must be one of ${FORMATS.join(", ")}, got '${values.format}'`);
    }
    const shapes = values.shapes === undefined ? null : shapesFrom(values.shapes);
    const options = { shapes, dtype: dtypeFrom(values.dtype), seed: SEED };
    const { library, f, x } = await subjectNamed(word, options);
    const derivation = library.derive(f, ...x);
    terminal.out(values.format === "latex" ? derivation.toLatex() : String(derivation));
    return 0;
  },
};

/** What is derived holds for any numbers. */
const SEED = 0;
