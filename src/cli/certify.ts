import { writeFileSync } from "node:fs";
import type { MutationScore } from "../certify/mutation/score.ts";
import type { Report } from "../certify/report.ts";
import { certificates, certificatesTable, isInOrder } from "./certificates.ts";
import { type Command, parsed, UsageError, wholeNumber } from "./command.ts";
import { DTYPE_OPTION, dtypeFrom, SHAPES_OPTION, shapesFrom } from "./inputs.ts";
import { json } from "./json.ts";
import { isFused } from "./registry.ts";
import { type Subject, subjectNamed, thrownBy } from "./subject.ts";
import type { Terminal } from "./terminal.ts";

export const certify: Command = {
  name: "certify",
  usage: "OP|FILE#NAME|--all [options]",
  summary: "how many digits of its derivatives are right",
  options: [
    SHAPES_OPTION,
    DTYPE_OPTION,
    ["--order N", "the highest order of derivative: 1, 2 or 3 (2)"],
    ["--seed N", "the seed of its inputs and directions (1): the same seed gives the same report"],
    ["--mutate", "also plant errors in a fused op's backward, and list those that are not noticed"],
    ["--json", "as JSON"],
    ["--all", "every op of the library, each at one of its samples"],
    ["--out FILE", "with --all: write the certificates there, as JSON"],
  ],
  async run(args, terminal) {
    const { values, positionals } = parsed({
      args: [...args],
      options: {
        shapes: { type: "string" },
        dtype: { type: "string", default: "float64" },
        order: { type: "string", default: "2" },
        seed: { type: "string", default: "1" },
        mutate: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        all: { type: "boolean", default: false },
        out: { type: "string" },
      },
      allowPositionals: true,
    });
    const seed = wholeNumber("--seed", values.seed);
    const order = orderOf(values.order);
    const [word, ...rest] = positionals;
    if (values.all) {
      if (word !== undefined || values.shapes !== undefined || values.mutate) {
        throw new UsageError("--all goes with --order, --seed, --json and --out only");
      }
      return all({ seed, order, isJSON: values.json, out: values.out ?? null }, terminal);
    }
    if (values.out !== undefined) throw new UsageError("--out goes with --all");
    if (word === undefined || rest.length > 0) {
      throw new UsageError(
        "certify takes one op's name: wengert certify sqrt, or wengert certify ./layer.ts#layer",
      );
    }
    const shapes = values.shapes === undefined ? null : shapesFrom(values.shapes);
    const subject = await subjectNamed(word, { shapes, dtype: dtypeFrom(values.dtype), seed });
    if (values.mutate && (subject.op === null || !isFused(subject.op))) {
      throw new UsageError(`--mutate needs an op made by fused(), which ${subject.name} is not`);
    }
    const report = reportOn(subject, seed, order);
    const isRight = report.verdict === "agrees";
    const score = values.mutate && isRight ? await scoreOf(subject, seed, order) : null;
    if (values.json) terminal.out(json(score === null ? report : { ...report, mutation: score }));
    else terminal.out(score === null ? report.toString() : `${report}\n\n${score}`);
    // A report that shows nothing is no pass either.
    return isRight ? 0 : 1;
  },
};

function reportOn({ library, name, op, x, params, f }: Subject, seed: number, order: 1 | 2 | 3): Report {
  try {
    return op === null
      ? library.certifyWith({ seed, order }, f, ...x)
      : library.certifyWith({ seed, order, params }, op, ...x);
  } catch (error) {
    throw thrownBy(name, error, library);
  }
}

/** How many planted errors `certify` itself notices, at those inputs. */
async function scoreOf(subject: Subject, seed: number, order: 1 | 2 | 3): Promise<MutationScore | null> {
  const { library, op, x, params } = subject;
  if (op === null || !isFused(op)) return null;
  return library.mutationScore(op, (mutant) => library.certifyWith({ seed, order, params }, mutant, ...x), {
    inputs: x,
    params,
    seed,
  });
}

interface AllOptions {
  readonly seed: number;
  readonly order: 1 | 2 | 3;
  readonly isJSON: boolean;
  readonly out: string | null;
}

function all({ seed, order, isJSON, out }: AllOptions, terminal: Terminal): number {
  const made = certificates(seed, order);
  if (out !== null) writeFileSync(out, `${json(made)}\n`);
  terminal.out(isJSON ? json(made) : certificatesTable(made));
  return made.every(isInOrder) ? 0 : 1;
}

function orderOf(value: string): 1 | 2 | 3 {
  const order = ([1, 2, 3] as const).find((n) => String(n) === value);
  if (order === undefined) throw new UsageError(`--order takes 1, 2 or 3, not '${value}'`);
  return order;
}
