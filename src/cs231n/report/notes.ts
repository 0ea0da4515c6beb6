import type { Axis } from "./axis.ts";
import type { Curve } from "./curve.ts";
import { counted, short } from "./numbers.ts";

/**
 * What a figure does not show of a series, one sentence for each reason. Gaps too are said: a curve that ends may have
 * ended well.
 *
 * @param total how many values it has
 */
export function notesOn(name: string, total: number, curve: Curve, x: Axis, y: Axis): string[] {
  const { noValue, notPositive, above, below, beside } = curve.missing;
  const notes: string[] = [];
  const say = (count: number, what: string): void => {
    if (count > 0) notes.push(`${name}: ${count} of ${counted(total, "value")} ${what}`);
  };
  say(above.count, `cut off above ${short(y.high)} (the largest: ${short(above.farthest)})`);
  say(below.count, `cut off below ${short(y.low)} (the smallest: ${short(below.farthest)})`);
  say(beside, `cut off to the left or right of ${short(x.low)} to ${short(x.high)}`);
  say(notPositive, "left out, being 0 or less: a log axis has no place for them");
  say(noValue, "left out, being no finite numbers");
  if (total === 0) notes.push(`${name}: no values`);
  return notes;
}
