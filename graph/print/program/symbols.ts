/** Names and numbers as LaTeX writes them. */

const LETTERS = [
  ..."alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi".split(
    " ",
  ),
  ..."omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(" "),
];

const GREEK: ReadonlyMap<string, string> = new Map([
  ...LETTERS.map((letter): [string, string] => [letter, `\\${letter}`]),
  ["eps", "\\varepsilon"],
  ["epsilon", "\\varepsilon"],
]);

/** What ends a name, and the accents that it means: over one letter, and over several. */
const ACCENTS: readonly (readonly [ending: string, narrow: string, wide: string])[] = [
  ["Hat", "\\hat", "\\widehat"],
  ["Bar", "\\bar", "\\overline"],
  ["Tilde", "\\tilde", "\\widetilde"],
  ["Dot", "\\dot", "\\dot"],
];

/**
 * A name as one symbol: gamma -> \gamma, xHat -> \hat{x}, W1 -> W_{1}, x_1 -> x_{1}, W1Bar -> \bar{W}_{1}, loss -> \mathrm{loss}.
 */
export function latexName(name: string): string {
  const [, stem, index] = /^(.*?\p{L})_?(\d+)$/u.exec(name) ?? [];
  if (stem !== undefined && index !== undefined) return `${latexName(stem)}_{${index}}`;
  for (const [ending, narrow, wide] of ACCENTS) {
    if (!name.endsWith(ending) || name === ending) continue;
    const bare = name.slice(0, -ending.length);
    // The index stays outside: W1Bar is \bar{W}_{1}.
    const [, letter, below] = /^(\p{L}+)_?(\d+)$/u.exec(bare) ?? [];
    if (letter !== undefined && below !== undefined) return `${latexName(`${letter}${ending}`)}_{${below}}`;
    const base = latexName(bare);
    return `${base.startsWith("\\mathrm") || base.startsWith("\\text") ? wide : narrow}{${base}}`;
  }
  const greek = GREEK.get(name);
  if (greek !== undefined) return greek;
  if (/^[A-Za-z]$/.test(name)) return name;
  return /^[A-Za-z]+$/.test(name) ? `\\mathrm{${name}}` : `\\text{${escaped(name)}}`;
}

/** Digits as they are, 1e-5 as a power of ten. */
export function latexNumber(text: string): string {
  if (text === "NaN" || text === "true" || text === "false") return `\\mathrm{${text}}`;
  const [, sign, mantissa, exponent] = /^(-?)([\d.]+)e(-?\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text.replace("Infinity", "\\infty");
  return `${sign}${mantissa === "1" ? "" : `${mantissa} \\times `}10^{${exponent}}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

function escaped(text: string): string {
  return text.replace(/[\\~^{}$&#_%]/g, (c) => ESCAPES[c] ?? `\\${c}`);
}
