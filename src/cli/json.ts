/** JSON for machines. A number that JSON does not keep is written as its name rather than as null. */
export function json(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === "number" && !Number.isFinite(part) ? String(part) : part),
    2,
  );
}
