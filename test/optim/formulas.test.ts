/** The formulas that update rules are made of are primitives, and obey the laws of primitives. */
import katex from "katex";
import { describe, expect, test } from "vitest";
import type { AnyPrimitive } from "../../graph/index.ts";
import { Average } from "../../src/optim/formulas/average.ts";
import { AverageSquare } from "../../src/optim/formulas/averageSquare.ts";
import { Descend } from "../../src/optim/formulas/descend.ts";
import { DescendAhead } from "../../src/optim/formulas/descendAhead.ts";
import { DescendScaled } from "../../src/optim/formulas/descendScaled.ts";
import { Shorten } from "../../src/optim/formulas/shorten.ts";
import { drawing } from "../draw.ts";
import { LAWS } from "../laws.ts";

const FORMULAS = [Average, AverageSquare, Descend, DescendAhead, DescendScaled, Shorten] as AnyPrimitive[];

describe.each(FORMULAS)("$name obeys the laws", (op) => {
  test.each(Object.entries(LAWS))("%s", (_, law) => {
    for (const seed of [1, 2, 3]) expect(law(op, seed)).toBeNull();
  });
});

test.each(FORMULAS)("$name is valid LaTeX", (op) => {
  const [sample] = op.samples(drawing(1, op.name));
  const names = sample!.x.map((_, k) => `x_{${k}}`);
  const tex = op.latex(names, sample!.params);
  expect(() => katex.renderToString(tex, { throwOnError: true, strict: "error" })).not.toThrow();
});
