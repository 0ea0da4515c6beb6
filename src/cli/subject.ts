import { basename, extname } from "node:path";
import type { AnyPrimitive, Tensor } from "../../graph/index.ts";
import * as ours from "../index.ts";
import { UsageError } from "./command.ts";
import { drawnInputs, type InputOptions } from "./inputs.ts";
import { type Library, load } from "./load.ts";
import { parameterNames } from "./parameterNames.ts";
import { type Example, entryNamed, entryOf, isPrimitive } from "./registry.ts";

/** What a command is about: an op, or a function, at inputs. */
export interface Subject extends Example {
  /** The copy of the library that its tensors belong to. */
  readonly library: Library;
  readonly name: string;
  readonly op: AnyPrimitive | null;
}

/**
 * The op of that name, or what a file exports: `./layer.ts#batchNorm`, `./layer.ts`.
 *
 * @throws UsageError in one line, where there is no such thing, or it does not take such inputs
 */
export async function subjectNamed(word: string, options: InputOptions): Promise<Subject> {
  const subject = /[./\\#]/.test(word) ? await inFile(word, options) : inRegistry(word, options);
  const { library, name, f, x } = subject;
  try {
    f(...x);
  } catch (error) {
    throw error instanceof library.WengertError
      ? new UsageError(error.message)
      : thrownBy(name, error, library);
  }
  return subject;
}

/** An error of a user's function, or of the library that it uses, in one line. */
export class ThrownError extends Error {
  override readonly name = "ThrownError";
}

export function thrownBy(name: string, error: unknown, library: Library): ThrownError {
  if (error instanceof library.WengertError) return new ThrownError(error.message);
  const [said = ""] = String(error).split("\n");
  return new ThrownError(`${name} threw ${said}`);
}

function inRegistry(word: string, options: InputOptions): Subject {
  const { name, op, example } = entryNamed(word);
  const sample = example(options.seed);
  const names = parameterNames(
    (ours as Readonly<Record<string, unknown>>)[name],
    options.shapes?.length ?? 0,
  );
  return { library: ours, name, op, ...at(ours, sample, options, names) };
}

async function inFile(word: string, options: InputOptions): Promise<Subject> {
  const [, file = word, wanted] = /^(.*?)(?:#([^#/\\]*))?$/.exec(word) ?? [];
  const { exports, library } = await load(file);
  const value = exportNamed(exports, file, wanted ?? "default");
  const own = isPrimitive(value) || value.name === "default" || value.name === "_default" ? "" : value.name;
  const name = isPrimitive(value) ? value.name : own || wanted || basename(file, extname(file));
  if (isPrimitive(value)) {
    const sample = sampleOf(value, options.seed, file, library);
    // An op's function is named as the op is.
    const names = parameterNames(exports[name], options.shapes?.length ?? 0);
    return { library, name, op: value, ...at(library, sample, options, names) };
  }
  const { shapes } = options;
  if (shapes === null)
    throw new UsageError(`${name} is a function: give the shapes of its inputs, --shapes 4x5,5`);
  if (shapes.length < value.length) {
    throw new UsageError(`${name} takes ${value.length} inputs, and --shapes has ${shapes.length}`);
  }
  const { [name]: f } = { [name]: (...x: Tensor[]): Tensor => value(...x) };
  const x = drawnInputs(library, shapes, options, parameterNames(value, shapes.length));
  return { library, name, op: null, params: undefined, x, f: f! };
}

/** The example, or the same op at inputs of the shapes that are asked for. */
function at(library: Library, sample: Example, options: InputOptions, names: readonly string[]): Example {
  const { shapes } = options;
  return shapes === null ? sample : { ...sample, x: drawnInputs(library, shapes, options, names) };
}

/** @throws UsageError where the op's own samples throw, or there are none */
function sampleOf(op: AnyPrimitive, seed: number, file: string, library: Library): Example {
  try {
    return entryOf(op.name, op, op, library).example(seed);
  } catch (error) {
    throw new UsageError(
      `the samples of ${op.name} in ${file} cannot be drawn: ${thrownBy(op.name, error, library).message}`,
    );
  }
}

type Exported = AnyPrimitive | ((...x: Tensor[]) => Tensor);

/** @throws UsageError, with the names that there are */
function exportNamed(exports: Readonly<Record<string, unknown>>, file: string, name: string): Exported {
  const value = Object.hasOwn(exports, name) ? exports[name] : undefined;
  if (isExported(value)) return value;
  const usable = Object.keys(exports).filter((key) => isExported(exports[key]) && key !== "module.exports");
  const there =
    usable.length === 0
      ? "no function or op"
      : usable.map((key) => (key === "default" ? key : `#${key}`)).join(", ");
  const why =
    value === undefined
      ? `has no ${name === "default" ? "default export" : `export '${name}'`}`
      : `exports as '${name}' neither a function nor an op`;
  throw new UsageError(`${file} ${why}; it exports ${there}`);
}

function isExported(value: unknown): value is Exported {
  return typeof value === "function" || isPrimitive(value);
}
