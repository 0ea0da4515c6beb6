/**
 * How WebAssembly writes numbers, names and lists: little-endian, as is every machine that engines run on.
 *
 * https://webassembly.github.io/spec/core/binary/values.html
 */

/** Bytes, as pieces of pieces: joining is free, and {@link flat} lays them out. */
export type Code = readonly (number | Code)[] | Uint8Array<ArrayBuffer>;

/** An unsigned 32-bit integer, seven bits a byte. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** A signed integer of any width, seven bits a byte; the last byte's sixth bit is the sign. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const isNegative = (byte & 0x40) !== 0;
    if (rest === (isNegative ? -1n : 0n)) {
      bytes.push(byte);
      return bytes;
    }
    bytes.push(byte | 0x80);
  }
}

export function int32Bytes(value: number): number[] {
  return [...new Uint8Array(new Int32Array([value]).buffer)];
}

export function int64Bytes(value: number): number[] {
  return [...new Uint8Array(new BigInt64Array([BigInt(value)]).buffer)];
}

export function float32Bytes(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

export function float64Bytes(value: number): number[] {
  return [...new Uint8Array(new Float64Array([value]).buffer)];
}

/** A name of letters, digits and the like: names are ours, so ASCII will do. */
export function name(text: string): Code {
  return list([...text].map((letter) => letter.charCodeAt(0)));
}

export function list(items: Code): Code {
  return [unsigned(items.length), items];
}

/** Bytes that are preceded by how many they are. */
export function sized(code: Code): Code {
  const bytes = flat(code);
  return [unsigned(bytes.length), bytes];
}

export function flat(code: Code): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1024);
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * bytes.length, length + more));
    larger.set(bytes);
    bytes = larger;
  };
  const lay = (pieces: Code): void => {
    if (pieces instanceof Uint8Array) {
      reserve(pieces.length);
      bytes.set(pieces, length);
      length += pieces.length;
      return;
    }
    for (const piece of pieces) {
      if (typeof piece === "number") {
        reserve(1);
        bytes[length++] = piece;
      } else lay(piece);
    }
  };
  lay(code);
  // A copy: some readers look at all of the buffer.
  return bytes.slice(0, length);
}
