/** Where an axis has its ticks, and what is written at them. */
export interface Ticks {
  readonly values: readonly number[];
  /** Shorter ones without a label, between the decades of a log axis. */
  readonly minor: readonly number[];
  label(value: number): string;
}

/** Ticks at 1, 2 or 5 times a power of ten: about as many as are wished for, never more. */
export function ticks(low: number, high: number, most: number): Ticks {
  const step = niceStep((high - low) / most);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  // Each from its own multiple: a running sum would drift.
  const values = Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const isPlain = largest < 1e6 && digits <= (largest < 0.1 ? 5 : 12);
  return { values, minor: [], label: isPlain ? (value) => minus(value.toFixed(digits)) : exponential };
}

/** Ticks at the powers of ten; where there are fewer than two of them, at 1, 2 and 5 times one, or as on a linear axis. */
export function logTicks(low: number, high: number, most: number): Ticks {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const decades = last - first + 1;
  const stride = Math.max(1, Math.ceil(decades / most));
  if (decades >= 3) {
    const values: number[] = [];
    for (let k = Math.ceil(first / stride) * stride; k <= last; k += stride) values.push(power(k));
    const minor = stride === 1 && decades <= 8 ? multiples(low, high, [2, 3, 4, 5, 6, 7, 8, 9]) : [];
    return { values, minor, label: labels(values) };
  }
  const values = multiples(low, high, [1, 2, 5]);
  if (values.length < 3) return ticks(low, high, most);
  return { values, minor: multiples(low, high, [3, 4, 6, 7, 8, 9]), label: labels(values) };
}

function niceStep(rough: number): number {
  const k = Math.floor(Math.log10(rough) + 1e-9);
  const factor = [1, 2, 5].find((nice) => nice * 10 ** k >= rough * (1 - 1e-9));
  return factor === undefined ? power(k + 1) : Number(`${factor}e${k}`);
}

function multiples(low: number, high: number, factors: readonly number[]): number[] {
  const values: number[] = [];
  const last = Math.floor(Math.log10(high));
  for (let k = Math.floor(Math.log10(low)); k <= last; k += 1) {
    values.push(...factors.map((factor) => Number(`${factor}e${k}`)));
  }
  return values.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

/** Exactly, which `10 ** k` is not for every k. */
function power(k: number): number {
  return Number(`1e${k}`);
}

/** All in one way: none of `0.01, 1e-3`. */
function labels(values: readonly number[]): (value: number) => string {
  const isPlain = values.every((value) => value >= 1e-4 && value < 1e6);
  return isPlain ? String : exponential;
}

function exponential(value: number): string {
  if (value === 0) return "0";
  const [mantissa = "", exponent = ""] = Number(value.toPrecision(12)).toExponential().split("e");
  return minus(`${mantissa}e${Number(exponent)}`);
}

/** A minus sign as wide as a digit. */
function minus(text: string): string {
  return text.replaceAll("-", "−");
}
