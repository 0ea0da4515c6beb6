import { type DeclaredConvention, declaredConventions } from "./conventions.ts";

/** docs/conventions.md: what holds of all ops, then a row for each convention that an op declares. */
export function conventionsPage(): string {
  const rows = declaredConventions().map(row);
  const table = ["| op | at | derivative | why |", "|---|---|---|---|", ...rows].join("\n");
  return `${INTRODUCTION}\n\n${table}`;
}

function row({ application, at, xBar, because }: DeclaredConvention): string {
  const cells = [
    code(application),
    code(at.join(", ")),
    code(xBar.join(", ")),
    because.replaceAll("|", "\\|"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

const INTRODUCTION = `<!-- Made by \`wengert ops --conventions\` from the records of the ops: change those. -->

# Conventions: what is returned where there is no derivative

Most functions have a derivative nearly everywhere. What a gradient is at the other points is a choice, and each op
declares its own, with the reason. This page is made from those declarations, and the laws that every op is tested by
hold each op to them: in reverse mode, in forward mode, entry by entry, and under another transform.

## Rules for all

- **At a kink** the value lies within the subdifferential: between the slopes on both sides; 0 where 0 lies between
  them. So \`abs'(0) = 0\` and \`relu'(0) = 0\`.
- **Ties share equally**: where several elements are the largest, each gets its part, and the parts add up to 1.
- **Where f is constant in pieces** (\`sign\`, \`floor\`, comparisons) no derivative is passed on: a structural zero, which
  is never multiplied by anything. \`explain\` names the op that cut it.
- **Integers and booleans** have no tangent space: derivatives end at them, as they do at \`stopGradient\`.
- **0 times anything is 0** where a differential meets a local derivative, element by element: what was not taken adds
  nothing, though its slope be infinite or undefined. \`where(x > 0, sqrt(x), x)\` has the derivative 1 at -1. The
  elementwise and the broadcasting ops use the op \`scale\` for it.
- **Reductions and matrix products keep IEEE arithmetic** (\`sum\`, \`mean\`, \`matmul\`, and what is made of them): a
  cotangent that passes a matrix product is multiplied by all of the matrix, so that 0 times infinity is NaN there, and
  an infinity in a sum is in the sum. Mask before them, with \`where\`.
- **An infinite slope is returned as such** (\`sqrt'(0) = Infinity\`), not cut to a large number.
- **A derivative that exists is returned**, even where its formula has no value: \`x²\` has the slope 0 at 0, and the
  product of 2, 0 and 3 the gradient [0, 6, 0].

## What each op declares

At these inputs, for a cotangent of ones, each input gets the cotangent in the third column.`;
