/** Formulas put into formulas, with parentheses where they would be read wrongly without. */

/**
 * How tightly a formula holds together: a sum needs parentheses nearly everywhere; a prefix (mean x, sum x) where
 * something follows that it would swallow; a product only under a power.
 */
type Binding = "sum" | "prefix" | "product" | "atom";

/** Unicode's private use area: no op writes these. */
const PRIVATE = 0xe000;
const PLACEHOLDER = /[\uE000-\uF8FF]/g;

/** The formula of an op, asked for with placeholders, with `parts` in their places. */
export function nestedLatex(formula: (symbols: string[]) => string, parts: readonly string[]): string {
  const symbols = parts.map((_, k) => String.fromCharCode(PRIVATE + k));
  return formula(symbols).replace(PLACEHOLDER, (symbol, at: number, whole: string) => {
    const part = parts[symbol.charCodeAt(0) - PRIVATE] ?? symbol;
    return needsParentheses(bindingOf(part), whole.slice(0, at), whole.slice(at + 1), part)
      ? `\\left(${part}\\right)`
      : part;
  });
}

function needsParentheses(binding: Binding, before: string, after: string, part: string): boolean {
  if (binding === "atom") return false;
  const isRaised = /^\s*\}?\s*\^/.test(after);
  if (isRaised) return true;
  const isEnclosed =
    /(^|[{(|=]|(?<!\\),|\\left\S{1,7}|\\text\{if \})\s*$/.test(before) &&
    /^\s*($|[},|]|\\right|\\\\|&)/.test(after);
  if (isEnclosed) return false;
  const isLast = /^\s*($|\\right|[},]|[-+=])/.test(after);
  if (binding === "prefix") return !isLast;
  if (binding === "product") return false;
  // A sum may begin a sum: a + b + c; anything may be added to one at its end, if it has no sign of its own.
  const isSummand = /(^|[{(=+]|(?<!\\),)$/.test(before.trimEnd()) && /^\s*($|[-+},]|\\right)/.test(after);
  return !isSummand || (/\+\s*$/.test(before) && part.startsWith("-"));
}

function bindingOf(latex: string): Binding {
  const flat = outsideGroups(latex);
  if (/[-+]/.test(flat)) return "sum";
  if (/^\s*\\(operatorname|sum|prod|log|lnot)(?![a-z])/.test(flat) && !/^\s*\S*\s*\(\)$/.test(flat))
    return "prefix";
  if (/\\begin|\\bmod/.test(flat)) return "sum";
  return /\\,|\S\s+\S/.test(flat.trim()) ? "product" : "atom";
}

/** What is not within braces, parentheses or bars: `\frac{a - b}{c}` is `\frac{}{}`. */
function outsideGroups(latex: string): string {
  let depth = 0;
  let out = "";
  for (const [token] of latex.matchAll(
    /\\left\s*(?:\\[a-zA-Z]+|\S)|\\right\s*(?:\\[a-zA-Z]+|\S)|\\[a-zA-Z]+|\\.|[\s\S]/g,
  )) {
    const opens = token === "{" || token.startsWith("\\left");
    const closes = token === "}" || (token.startsWith("\\right") && !token.startsWith("\\rightarrow"));
    if (closes) depth--;
    if (depth === 0)
      out += opens ? (token === "{" ? "{" : "(") : closes ? (token === "}" ? "}" : ")") : token;
    if (opens) depth++;
  }
  return out;
}
