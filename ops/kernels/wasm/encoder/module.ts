/**
 * Modules: functions over one memory, which comes from outside.
 *
 * https://webassembly.github.io/spec/core/binary/modules.html
 */
import { Body } from "./body.ts";
import { type Code, flat, list, name, sized, unsigned } from "./bytes.ts";
import { codeOfType, type Local, local, type ValueType } from "./value.ts";

/** A function that a module hands out under its name. */
export interface Func {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | null;
  readonly code: Code;
}

/** The variables in which parameters of these types come. */
export type Locals<P extends readonly ValueType[]> = { readonly [K in keyof P]: Local<P[K]> };

/**
 * A function: `write` puts its statements down, and its result, if it has one.
 *
 * What comes from JavaScript or goes there cannot be a vector.
 */
export function func<const P extends readonly ("i32" | "f32" | "f64")[]>(
  name: string,
  parameters: P,
  write: (body: Body, ...parameters: Locals<P>) => void,
): Func {
  const body = new Body(parameters.length);
  write(body, ...(parameters.map((type, index) => local(type, index)) as Locals<P>));
  return { name, parameters, result: body.resultType, code: body.finish() };
}

/** Where the module finds its memory. */
export const MEMORY_IMPORT = { module: "env", name: "memory" } as const;

/** A module that exports these functions and imports one memory of at least `pages` of 64 KiB. */
export function encodeModule(functions: readonly Func[], pages = 0): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    list(parameters.map(codeOfType)),
    list(result === null ? [] : [codeOfType(result)]),
  ]);
  const memory: Code = [
    name(MEMORY_IMPORT.module),
    name(MEMORY_IMPORT.name),
    MEMORY,
    NO_MAXIMUM,
    unsigned(pages),
  ];
  const exported = functions.map((f, index) => [name(f.name), FUNCTION, unsigned(index)]);
  return flat([
    MAGIC,
    VERSION,
    section(1, list(types)),
    section(2, list([memory])),
    section(3, list(functions.map((_, index) => unsigned(index)))),
    section(7, list(exported)),
    section(10, list(functions.map(({ code }) => sized(code)))),
  ]);
}

const MAGIC: Code = [0x00, 0x61, 0x73, 0x6d];
const VERSION: Code = [0x01, 0x00, 0x00, 0x00];
const FUNCTION = 0x00;
const MEMORY = 0x02;
const NO_MAXIMUM = 0x00;

function section(id: number, content: Code): Code {
  return [id, sized(content)];
}
