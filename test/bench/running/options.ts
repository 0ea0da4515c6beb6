import { parseArgs } from "node:util";
import { SIZES } from "../cases.ts";
import { type Float, WORKLOADS, type Workload } from "../logic/measurement.ts";
import { SYSTEMS } from "../systems.ts";
import { ROOT } from "./root.ts";

export interface Options {
  readonly workloads: readonly Workload[];
  readonly sizes: readonly string[];
  readonly systems: readonly string[];
  readonly dtypes: readonly Float[];
  /** How often every system has its turn. */
  readonly rounds: number;
  /** How long a turn is. */
  readonly seconds: number;
  /** A folder for JSON and charts. */
  readonly out: string;
  /** Where the JSON goes; into `out` unless given. */
  readonly json: string;
  /** The Python to look for peers in; null for the first that there is. */
  readonly python: string | null;
}

const FLAGS = {
  only: { type: "string", multiple: true },
  size: { type: "string", multiple: true },
  system: { type: "string", multiple: true },
  dtype: { type: "string", multiple: true },
  rounds: { type: "string", default: "5" },
  seconds: { type: "string", default: "0.3" },
  out: { type: "string", default: `${ROOT}dist/test/bench/results` },
  json: { type: "string" },
  python: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

const DTYPES: readonly Float[] = ["float32", "float64"];

/**
 * What was asked for on the command line.
 *
 * @param command how the bench is called, for its help
 * @param systems those that it can run
 * @returns null where help was asked for, which has then been given
 * @throws RangeError naming what is not known
 */
export function optionsOf(
  command: string,
  systems: readonly string[],
  args: readonly string[],
): Options | null {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.help) {
    console.log(help(command, systems));
    return null;
  }
  const out = values.out;
  return {
    workloads: chosen("--only", WORKLOADS, values.only),
    sizes: values.size === undefined ? SIZES : several(values.size).map(checkedSize),
    systems: chosen("--system", systems, values.system),
    dtypes: chosen("--dtype", DTYPES, values.dtype),
    rounds: positive("--rounds", values.rounds),
    seconds: positive("--seconds", values.seconds),
    out,
    json: values.json ?? `${out}/${command.replace(":", "-")}.json`,
    python: values.python ?? null,
  };
}

function several(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(","));
}

/** In the order in which they are listed, whatever that on the command line; upper and lower case alike. */
function chosen<T extends string>(
  flag: string,
  all: readonly T[],
  values: readonly string[] | undefined,
): readonly T[] {
  if (values === undefined) return all;
  const wanted = several(values).map((value) => value.toLowerCase());
  const unknown = wanted.find((value) => !all.some((one) => one.toLowerCase() === value));
  if (unknown !== undefined)
    throw new RangeError(`${flag}: expected some of ${all.join(", ")}, got ${unknown}`);
  return all.filter((one) => wanted.includes(one.toLowerCase()));
}

function checkedSize(size: string): string {
  if (/^[1-9]\d*x[1-9]\d*$/.test(size) && !size.startsWith("1x")) return size;
  throw new RangeError(`--size: expected ROWSxCOLUMNS with two rows or more, as 4x5, got ${size}`);
}

function positive(flag: string, value: string): number {
  const number = Number(value);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new RangeError(`${flag}: expected a positive number, got ${value}`);
}

function help(command: string, systems: readonly string[]): string {
  const width = Math.max(...systems.map((name) => name.length));
  const lists = systems.map((name) => `  ${name.padEnd(width)}  ${SYSTEMS[name]!.says}`);
  return `npm run ${command} -- [options]

  --only W1,W2       of ${WORKLOADS.join(", ")}
  --size 4x5,200x3   rows x columns of batch norm: ${SIZES.join(", ")}, or any other
  --dtype float32    or float64; both unless given
  --system A,B       of those below
  --rounds 5         how often every system has its turn
  --seconds 0.3      how long a turn is
  --out FOLDER       for charts and JSON: dist/test/bench/results unless given
  --json FILE        for the JSON alone
  --python FILE      the Python in which NumPy, JAX and PyTorch are looked for

Systems:
${lists.join("\n")}`;
}
