/** Code in an address: after the #, so that no server gets to see it. */

const PREFIX = "#code=";

/** `#code=batch-norm.eJx...`: which example, and what has become of it, compressed. */
export async function hashOf(example: string, code: string): Promise<string> {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(code));
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `${PREFIX}${encodeURIComponent(example)}.${letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** The code that an address has for an example; null where it has none, or none that can be read. */
export async function codeIn(hash: string, example: string): Promise<string | null> {
  const start = `${PREFIX}${encodeURIComponent(example)}.`;
  if (!hash.startsWith(start)) return null;
  try {
    const letters = hash.slice(start.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
    const code = await through(new DecompressionStream("deflate-raw"), bytes);
    return new TextDecoder("utf-8", { fatal: true }).decode(code);
  } catch {
    return null;
  }
}

/** Longer than any example by far; what an address unpacks to must not fill the memory. */
const MOST = 200_000;

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length;
    if (size > MOST) throw new RangeError("too long");
    parts.push(read.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
