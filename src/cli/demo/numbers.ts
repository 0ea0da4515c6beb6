/** Tensors as a reader of the demonstration sees them: a mean, or every number. */
import { columns, roundedText, type Tensor } from "../../../graph/index.ts";

/** The mean; what is left where all cancels is rounding, and is called 0. */
export function mean({ data, size }: Tensor): number {
  let total = 0;
  let sizes = 0;
  for (const value of data) {
    total += value;
    sizes += Math.abs(value);
  }
  return Math.abs(total) <= 1e-13 * sizes ? 0 : total / size;
}

/** Four significant digits, in a width that lets columns stand under each other. */
export function short(value: number): string {
  const text = roundedText(value, 4);
  return text.startsWith("-") ? text : ` ${text}`;
}

/** Every number, a row of the array a line. */
export function arrayLines({ shape, data }: Tensor): string[] {
  const width = shape.at(-1) ?? 1;
  const rows: string[][] = [];
  for (let i = 0; i < data.length; i += width) rows.push(Array.from(data.subarray(i, i + width), short));
  return columns(rows);
}
