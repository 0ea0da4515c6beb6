import { DataError } from "./error.ts";

/**
 * An optional package, imported when it is first needed.
 *
 * @param load imports it: written out where it is called, so that bundlers see it
 * @throws DataError where it is not installed
 */
export async function packaged<T>(op: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw missingPackage(op, name, error);
  }
}

/** That it is not installed, or does not load, in one line. */
export function missingPackage(op: string, name: string, error: unknown): DataError {
  const code: unknown = error instanceof Error && "code" in error ? error.code : null;
  const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  const [line = ""] = String(error instanceof Error ? error.message : error).split("\n");
  const received = isMissing ? "none installed" : `an error when it was loaded (${line})`;
  const at = { file: name, offset: null };
  return new DataError(op, `the package ${name}`, received, `npm install ${name}`, at);
}
