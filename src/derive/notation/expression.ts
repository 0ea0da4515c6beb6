/** A formula in both notations, and how tightly it holds together. */

export interface Expression {
  readonly text: string;
  readonly latex: string;
  readonly binds: Binding;
  /** In LaTeX, where it differs: a fraction is written on top of itself and needs no parentheses. */
  readonly bindsInLatex: Binding;
}

/** Sums hold loosest. A prefix (Σ) takes in all that follows in its product. */
export const SUM = 0;
export const PREFIX = 1;
export const PRODUCT = 2;
export const POWER = 3;
export const ATOM = 4;
export type Binding = typeof SUM | typeof PREFIX | typeof PRODUCT | typeof POWER | typeof ATOM;

export function atom(text: string, latex: string): Expression {
  return { text, latex, binds: ATOM, bindsInLatex: ATOM };
}

/** In parentheses, unless it holds as tightly as that. */
export function atLeast(
  { text, latex, binds, bindsInLatex }: Expression,
  least: Binding,
): { readonly text: string; readonly latex: string } {
  return {
    text: binds >= least ? text : `(${text})`,
    latex: bindsInLatex >= least ? latex : `\\left(${latex}\\right)`,
  };
}
