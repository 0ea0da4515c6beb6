import { numberText } from "../../graph/index.ts";

/** An entry where two ways to one number differ most. */
export interface Worst {
  readonly index: readonly number[];
  /** Which input it is an entry of, where that is not the one that the finding is about. */
  readonly of?: string;
  /** What is certified. */
  readonly value: number;
  /** What the other witness says. */
  readonly expected: number;
  /**
   * Where the whole Jacobian was looked at: which number of the result it is the derivative of. Left out where it is
   * an entry of a value, or of Jᵀ ȳ for the ȳ that was drawn.
   */
  readonly result?: { readonly name: string; readonly index: readonly number[] };
}

/** The place of the `at`-th number of an array. */
export function indexAt(at: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let k = shape.length - 1, rest = at; k >= 0; k--) {
    index.unshift(rest % shape[k]!);
    rest = Math.trunc(rest / shape[k]!);
  }
  return index;
}

/** `worst at [2, 1]: 0.2 where 0.4 was expected` */
export function worstText(
  { index, of, value, expected, result }: Worst,
  said: (value: string, expected: string) => string = (v, e) => `${v} where ${e} was expected`,
): string {
  const input = of === undefined ? "" : ` of ${of}`;
  const row = result === undefined ? "" : ` for ${shown(result.index)} of ${result.name}`;
  return `worst at ${shown(index)}${input}${row}: ${said(numberText(value), numberText(expected))}`;
}

function shown(index: readonly number[]): string {
  return `[${index.join(", ")}]`;
}
