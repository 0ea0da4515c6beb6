import { ArgumentError, describe } from "../errors.ts";

/**
 * Rows of cells as lines, padded so that columns stand under each other, two blanks apart.
 *
 * @param right which columns are aligned at the right, as numbers are
 */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  if (!isTable(rows)) throw new ArgumentError("columns", "rows, each an array of strings", describe(rows));
  if (!isList(right)) throw new ArgumentError("columns", "an array of columns", describe(right));
  const widths: number[] = [];
  for (const row of rows) {
    for (let k = 0; k < row.length; k++) widths[k] = Math.max(widths[k] ?? 0, row[k]!.length);
  }
  return rows.map((row) =>
    row
      .map((cell, k) => (right.includes(k) ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join("  ")
      .trimEnd(),
  );
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isTable(rows: unknown): boolean {
  // Copied, so that holes are not passed over.
  const isText = (cell: unknown): boolean => typeof cell === "string";
  return isList(rows) && [...rows].every((row) => isList(row) && [...row].every(isText));
}
