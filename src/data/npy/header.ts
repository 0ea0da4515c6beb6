/**
 * The header of an .npy file (NumPy Enhancement Proposal 1; `numpy.lib.format`): `\x93NUMPY`, two bytes of version,
 * the length of what follows (16 bits in version 1, 32 in 2 and 3), and a Python dict,
 *
 *     {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
 *
 * with spaces and a line feed up to a multiple of 64.
 */
import type { Shape } from "../../../graph/index.ts";
import { shownBytes } from "../bytes.ts";
import { type DataError, damaged, type Source } from "../error.ts";
import type { Opened } from "../file.ts";

export interface Header {
  /** As in `<f8`: byte order, kind, bytes an element. */
  readonly descr: string;
  /** Where the descr is, for errors about it. */
  readonly descrAt: number;
  readonly isFortran: boolean;
  readonly shape: Shape;
  /** Where the numbers begin. */
  readonly end: number;
}

const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** A dtype with a name for each of a thousand fields may take more; it would be refused anyway. */
const LONGEST = 0xffff;

/** @throws DataError where it is not exactly that */
export function headerOf({ source, bytes }: Opened): Header {
  const wrong = MAGIC.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) {
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const remedy = isZip ? "it looks like an .npz archive" : "";
    throw damaged(
      source,
      wrong,
      "\\x93NUMPY, which an .npy file begins with,",
      shownBytes(bytes, wrong, 6),
      remedy,
    );
  }
  const major = bytes[6];
  const isKnown = major === 1 || major === 2 || major === 3;
  if (!isKnown || bytes[7] !== 0) {
    const at = isKnown ? 7 : 6;
    throw damaged(source, at, "version 1.0, 2.0 or 3.0 of the format", shownBytes(bytes, at, 1));
  }
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw damaged(source, bytes.length, "the header's length", "the end of the file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST) throw damaged(source, 8, `a header of at most ${LONGEST} bytes`, `${length}`);
  const end = start + length;
  if (bytes.length < end) {
    throw damaged(source, bytes.length, `a header up to byte ${end}, so more`, "the end of the file");
  }
  // Byte for character: what is not ASCII can only be in the names of fields, which are refused.
  const text = String.fromCharCode(...bytes.subarray(start, end));
  return { ...new Scanner(source, text, start).dict(), end };
}

/** Reads the one dict that a header may be, and knows where it stands. */
class Scanner {
  readonly #source: Source;
  readonly #text: string;
  readonly #start: number;
  #at = 0;

  constructor(source: Source, text: string, start: number) {
    this.#source = source;
    this.#text = text;
    this.#start = start;
  }

  dict(): Omit<Header, "end"> {
    let descr: string | null = null;
    let descrAt = 0;
    let isFortran: boolean | null = null;
    let shape: Shape | null = null;
    this.#take(/\{/y, "{");
    while (this.#found(/\}/y) === null) {
      const at = this.#place();
      const key = this.#string("a key in quotes, or }");
      this.#take(/:/y, ":");
      if (key === "descr" && descr === null) {
        descrAt = this.#place();
        descr = this.#descr();
      } else if (key === "fortran_order" && isFortran === null) {
        isFortran = this.#take(/True|False/y, "True or False") === "True";
      } else if (key === "shape" && shape === null) {
        shape = this.#shape();
      } else {
        throw damaged(this.#source, at, "each of the keys descr, fortran_order and shape once", `'${key}'`);
      }
      if (this.#found(/,/y) === null && this.#peek() !== "}") throw this.#refusal(", or }");
    }
    if (descr === null || isFortran === null || shape === null) {
      throw this.#refusal("the keys descr, fortran_order and shape before");
    }
    this.#skip();
    if (this.#at < this.#text.length) throw this.#refusal("nothing but spaces after the dict");
    return { descr, descrAt, isFortran, shape };
  }

  #descr(): string {
    if (/[[({]/.test(this.#peek())) {
      throw damaged(
        this.#source,
        this.#place(),
        "one kind of number",
        "records with fields (a structured dtype)",
        "save each field by itself",
      );
    }
    return this.#string("a dtype in quotes");
  }

  /** A tuple of integers: `()`, `(3,)`, `(3, 4)`. Python 2 wrote `3L`. */
  #shape(): Shape {
    const start = this.#place();
    this.#take(/\(/y, "(");
    const sizes: number[] = [];
    let commas = 0;
    while (this.#found(/\)/y) === null) {
      if (commas < sizes.length) throw this.#refusal(", or )");
      const at = this.#place();
      const size = Number(this.#take(/\d+(?=L?)/y, "a size"));
      if (!Number.isSafeInteger(size)) throw damaged(this.#source, at, "a size below 2^53", `${size}`);
      this.#found(/L/y);
      sizes.push(size);
      if (this.#found(/,/y) !== null) commas++;
    }
    // To Python, (3) is a number.
    if (sizes.length === 1 && commas === 0) {
      throw damaged(this.#source, this.#place() - 1, "a comma after the only size", ")");
    }
    // Zeros left out: to NumPy too, sizes beside a 0 may not be any.
    if (sizes.reduce((product, size) => product * Math.max(size, 1), 1) > Number.MAX_SAFE_INTEGER) {
      throw damaged(this.#source, start, "a shape of fewer than 2^53 elements", `[${sizes.slice(0, 8)}]`);
    }
    return sizes;
  }

  #string(what: string): string {
    return this.#take(/'[^'\\]*'|"[^"\\]*"/y, what).slice(1, -1);
  }

  #take(token: RegExp, what: string): string {
    const found = this.#found(token);
    if (found === null) throw this.#refusal(what);
    return found;
  }

  #found(token: RegExp): string | null {
    this.#skip();
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #peek(): string {
    this.#skip();
    return this.#text[this.#at] ?? "";
  }

  #skip(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #place(): number {
    this.#skip();
    return this.#start + this.#at;
  }

  #refusal(what: string): DataError {
    const rest =
      this.#peek() === ""
        ? "the end of the header"
        : JSON.stringify(this.#text.slice(this.#at, this.#at + 12));
    return damaged(this.#source, this.#place(), `in the header, ${what}`, rest);
  }
}

/** As NumPy writes it, to the byte. */
export function headerBytes(descr: string, shape: Shape): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Room for the first size to grow to any int64 in place, which NumPy leaves too.
  const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length;
  const used = 10 + dict.length + room + 1;
  // 64 more where it comes out even: so does NumPy.
  const length = used + 64 - (used % 64);
  const bytes = new Uint8Array(length).fill(0x20);
  bytes.set([...MAGIC, 1, 0, (length - 10) & 0xff, (length - 10) >> 8]);
  for (let i = 0; i < dict.length; i++) bytes[10 + i] = dict.charCodeAt(i);
  bytes[length - 1] = 0x0a;
  return bytes;
}
