/** Numbers as a reader wants them: the exact ones are in report.json. */

/** About three digits: `0.0123`, `2.3`, `3.1e7`. */
export function short(value: number): string {
  return trimmed(value, 3);
}

/** A number in a table: a whole one as it is, others with six digits. */
export function inTable(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : trimmed(value, 6);
}

/** A column of a table: its numbers with as many decimals as one another, where that takes but a few. */
export function alike(column: readonly (string | number)[]): string[] {
  const texts = column.map((cell) => (typeof cell === "number" ? inTable(cell) : cell));
  const isPlain = (k: number): boolean => typeof column[k] === "number" && /^-?\d+(\.\d+)?$/.test(texts[k]!);
  const decimals = Math.max(0, ...texts.map((text, k) => (isPlain(k) ? decimalsOf(text) : 0)));
  if (decimals > 6) return texts;
  return texts.map((text, k) => (isPlain(k) ? Number(text).toFixed(decimals) : text));
}

function decimalsOf(text: string): number {
  return text.split(".")[1]?.length ?? 0;
}

/** How long something took. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "an unknown time";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 value`, `3 values`. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function trimmed(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) {
    return value.toExponential(digits - 1).replace(/\.?0*e\+?/, "e");
  }
  const rounded = Number(value.toPrecision(digits));
  return String(rounded);
}
