/** What NumPy wrote, and what is in it: fixtures/numpy.json, with the Python that made each. */
import { readFileSync } from "node:fs";
import type { DType } from "../../src/index.ts";

export interface Numbers {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major, little-endian. */
  readonly hex: string;
}

interface Written {
  readonly python: string;
  readonly base64: string;
}

interface Fixtures {
  readonly read: Readonly<Record<string, Written & Numbers>>;
  readonly refused: Readonly<Record<string, Written & { readonly offset: number; readonly why: string }>>;
  readonly archives: Readonly<
    Record<string, Written & { readonly arrays: Readonly<Record<string, Numbers>> }>
  >;
}

export const NUMPY: Fixtures = JSON.parse(
  readFileSync(new URL("fixtures/numpy.json", import.meta.url), "utf8"),
);

export function bytesOf({ base64 }: Written): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}
