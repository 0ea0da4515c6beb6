/** Files for tests: in a folder of their own, which is gone afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";
import { DataError } from "../../src/data/index.ts";
import type { Tensor } from "../../src/index.ts";

/** A folder for the tests of one file. */
export function folder(): { readonly path: string; file(name: string, bytes: Uint8Array | string): string } {
  const path = mkdtempSync(join(tmpdir(), "wengert-data-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    file(name, bytes) {
      const at = join(path, name);
      writeFileSync(at, bytes);
      return at;
    },
  };
}

/** Real data, which lie beside the repository where there are any. */
export const REAL: string = join(dirname(fileURLToPath(import.meta.url)), "../../../shared/data");

/** What a function objects with. */
export function refusal(f: () => unknown): DataError {
  let caught: unknown;
  try {
    f();
  } catch (error) {
    caught = error;
  }
  return dataError(caught);
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<DataError> {
  const caught: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  return dataError(caught);
}

function dataError(caught: unknown): DataError {
  expect(caught).toBeInstanceOf(DataError);
  const error = caught as DataError;
  expect(error.message.startsWith(`${error.op}: `), error.message).toBe(true);
  expect(error.message, "one line").not.toContain("\n");
  expect(error.message).toContain(error.file);
  if (error.offset !== null) expect(error.message).toContain(`at byte ${error.offset} of `);
  return error;
}

/** A tensor's numbers, bit for bit. */
export function hexOf(x: Tensor): string {
  const { buffer, byteOffset, byteLength } = x.toTypedArray();
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

/** The same bytes but one. */
export function changed(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  return Uint8Array.from(bytes).fill(byte, at, at + 1);
}
