import { ArgumentError, describe } from "../../../graph/index.ts";
import type { AxisSpec } from "../result.ts";
import { logTicks, type Ticks, ticks } from "./ticks.ts";

/** An axis whose ends are known. */
export interface Axis {
  readonly label: string;
  readonly isLog: boolean;
  readonly low: number;
  readonly high: number;
  /** Someone chose the ends: there may be values beyond them. */
  readonly isFixed: boolean;
  readonly ticks: Ticks;
  /** Whether a value has a place on the axis, be it beyond the ends. */
  holds(value: number): boolean;
  /** Where a value is: 0 at the lower end, 1 at the upper. */
  place(value: number): number;
  /** What value is there. */
  at(place: number): number;
}

/**
 * The axis for these values: of its own ends, or of ends that leave a little room around them.
 *
 * @throws ArgumentError for a scale or a domain that is none
 */
export function axisFor(op: string, spec: AxisSpec, values: readonly (number | null)[], most: number): Axis {
  const { label, scale = "linear" } = spec;
  if (scale !== "linear" && scale !== "log") {
    throw new ArgumentError(op, `the axis ${JSON.stringify(label)} to be linear or log`, describe(scale));
  }
  const isLog = scale === "log";
  const holds = (value: number): boolean => Number.isFinite(value) && (!isLog || value > 0);
  const drawn = values.filter((value): value is number => value !== null && holds(value));
  const [low, high] =
    spec.domain === undefined ? around(drawn, isLog) : checkedDomain(op, label, spec.domain, isLog);
  const from = isLog ? Math.log10(low) : low;
  const span = (isLog ? Math.log10(high) : high) - from;
  return {
    label: isLog ? `${label} (log scale)` : label,
    isLog,
    low,
    high,
    isFixed: spec.domain !== undefined,
    ticks: isLog ? logTicks(low, high, most) : ticks(low, high, most),
    holds,
    place: (value) => ((isLog ? Math.log10(value) : value) - from) / span,
    at: (place) => (isLog ? 10 ** (from + place * span) : from + place * span),
  };
}

function checkedDomain(
  op: string,
  label: string,
  domain: readonly [number, number],
  isLog: boolean,
): readonly [number, number] {
  const [low, high] = domain;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const isRange = Number.isFinite(high - low) && high - low > 1e-9 * largest;
  if (isRange && (!isLog || low > 0)) return domain;
  const expected = `the domain of ${JSON.stringify(label)} to be [low, high]${isLog ? ", both above 0" : ""}`;
  const remedy = isLog && isRange ? "a log axis has no zero: raise its lower end, or use a linear one" : "";
  throw new ArgumentError(op, expected, `[${describe(low)}, ${describe(high)}]`, remedy);
}

const ROOM = 0.04;

function around(values: readonly number[], isLog: boolean): readonly [number, number] {
  if (values.length === 0) return isLog ? [1, 10] : [0, 1];
  // Not Math.min(...values): there may be more of them than arguments.
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (isLog) {
    const span = Math.log10(high) - Math.log10(low);
    const room = span < 1e-9 ? 0.5 : ROOM * span;
    return [Math.max(low * 10 ** -room, Number.MIN_VALUE), Math.min(high * 10 ** room, Number.MAX_VALUE)];
  }
  // What differs by rounding alone is a level line, not a jagged one.
  const isLevel = high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const room = isLevel ? Math.abs(low) / 2 || 0.5 : ROOM * (high - low);
  return [Math.max(low - room, -Number.MAX_VALUE), Math.min(high + room, Number.MAX_VALUE)];
}
