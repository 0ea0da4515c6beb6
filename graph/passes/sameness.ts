/** When two constants, or two records of parameters, are the same to the last bit. */
import type { Numbers } from "../dtype.ts";
import { sameShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { isMereNumbers } from "./reading.ts";

/** -0 is not 0, and NaN is the same only with the same payload: merging may not change a bit of what is computed. */
export function sameConstant(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape) || !isMereNumbers(a) || !isMereNumbers(b))
    return false;
  return sameBits(a.data, b.data);
}

/** A number from the first bits of a constant: equal for those that are the same. A whole data set is not read. */
export function hashOf({ data }: Tensor): number {
  let hash = 0;
  for (const byte of bytesOf(data).subarray(0, 256)) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

/** Plain data member by member; functions, and whatever else has a class of its own, only where it is one and the same. */
export function sameParams(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Tensor || b instanceof Tensor) {
    return a instanceof Tensor && b instanceof Tensor && sameConstant(a, b);
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return sameBytes(bytesIn(a), bytesIn(b));
  if (!Array.isArray(a) && !isPlain(a)) return false;
  const ofA = Object.entries(a);
  const ofB = new Map<string, unknown>(Object.entries(b));
  return (
    ofA.length === ofB.size && ofA.every(([key, value]) => ofB.has(key) && sameParams(value, ofB.get(key)))
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function sameBits(a: Numbers, b: Numbers): boolean {
  return sameBytes(bytesOf(a), bytesOf(b));
}

/** A tensor's numbers are a typed array, seen for reading. */
function bytesOf(data: Numbers): Uint8Array {
  return ArrayBuffer.isView(data) ? bytesIn(data) : bytesIn(data.slice());
}

function bytesIn({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
