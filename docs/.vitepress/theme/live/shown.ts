/** What console.log shows of values, as near to Node's as examples need. */
import { Tensor } from "wengert";

/** Most lines that one run may print: a loop that never ends must not fill the page. */
export const MOST_LINES = 2000;

export function logged(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === "string" ? value : shown(value, 0))).join(" ");
}

function shown(value: unknown, depth: number): string {
  if (typeof value === "string") return `'${value}'`;
  if (typeof value === "function") return `[Function: ${value.name || "(anonymous)"}]`;
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Tensor) return value.toString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (depth > 2) return Array.isArray(value) ? "[Array]" : "[Object]";
  if (Array.isArray(value))
    return inside(
      "[",
      value.map((item) => shown(item, depth + 1)),
      "]",
    );
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = Array.from(value as Iterable<unknown> & ArrayBufferView, (item) =>
      shown(item, depth + 1),
    );
    return `${value.constructor.name}(${numbers.length}) ${inside("[", numbers, "]")}`;
  }
  const members = Object.entries(value).map(([key, member]) => `${key}: ${shown(member, depth + 1)}`);
  return inside("{", members, "}");
}

/** On one line where that is short. */
function inside(open: string, items: readonly string[], close: string): string {
  if (items.length === 0) return open + close;
  const line = `${open} ${items.join(", ")} ${close}`;
  if (line.length <= 76 && !line.includes("\n")) return line;
  return `${open}\n${items.map((item) => `  ${item.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
}
