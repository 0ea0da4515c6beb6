/** Each law of a derivation, by itself: what it leaves of its examples, and that the numbers are the same. */
import { describe, expect, it } from "vitest";
import { equationsOf } from "../../src/derive/notation/equations.ts";
import { byLaws, type State } from "../../src/derive/rewriting.ts";
import { CHOICES, ONE_OF_ALL } from "../../src/derive/rules/choices.ts";
import { COMMON_FACTOR } from "../../src/derive/rules/commonFactor.ts";
import type { Law } from "../../src/derive/rules/law.ts";
import { spellOutMeans } from "../../src/derive/rules/means.ts";
import { NAMES, PRODUCTS } from "../../src/derive/rules/products.ts";
import { DEVIATIONS, LINEAR_SUMS, SUMS } from "../../src/derive/rules/sums.ts";
import { mean, named, type Program, random, record, replay, sub, type Tensor } from "../../src/index.ts";

const NEEDED: ReadonlyMap<Law, readonly Law[]> = new Map([
  [DEVIATIONS, [LINEAR_SUMS]],
  [ONE_OF_ALL, [LINEAR_SUMS]],
]);
const LAWS = [PRODUCTS, NAMES, SUMS, LINEAR_SUMS, DEVIATIONS, CHOICES, ONE_OF_ALL, COMMON_FACTOR];

function stateOf(program: Program): State {
  const forward = Object.keys(program.nodes)
    .map(Number)
    .filter((id) => program.nodes[id]!.name !== null);
  return { program, bars: [], inputBars: 0, forward: new Set(forward), counts: [] };
}

/** Relative, where they are large. */
function furthest(a: Tensor, b: Tensor): number {
  return Math.max(0, ...Array.from(a.data, (v, i) => Math.abs(v - b.data[i]!) / Math.max(1, Math.abs(v))));
}

describe.each(LAWS.map((law) => [law.name, law] as const))("%s", (_, law) => {
  it("has a statement, a reason and examples", () => {
    expect(law.statement.length).toBeGreaterThan(8);
    expect(law.because.length).toBeGreaterThan(8);
    expect(law.examples.length).toBeGreaterThan(0);
  });

  it.each(law.examples.map((example) => [example.text, example] as const))(
    "%s",
    (text, { before, inputs }) => {
      const source = random(7);
      const draw = (): Tensor[] => inputs.map((shape, k) => named(source.normal(shape), "abc"[k]!));
      const program = record(before, ...draw());
      const others = [SUMS, PRODUCTS, ...(NEEDED.get(law) ?? [])];
      const { rewrite } = byLaws(stateOf(program), [...new Set([...others, law])]);
      const written = (of: Program): string => equationsOf(of, [{ label: "y", id: of.outputs[0]! }])[0]!.text;
      expect(written(rewrite.after)).toBe(`y = ${text}`);
      for (let k = 0; k < 3; k++) {
        const x = draw();
        const [is, was] = [replay(rewrite.after, x)[0]!, replay(program, x)[0]!];
        expect(is.shape).toEqual(was.shape);
        expect(furthest(is, was)).toBeLessThan(1e-12);
      }
    },
  );
});

describe("means", () => {
  it("are sums over a count, one for each set of axes", () => {
    const x = named(random(1).normal([4, 5]), "x");
    const f = (t: Tensor): Tensor =>
      mean(sub(sub(t, mean(t, 0, { keepDims: true })), mean(t, [0], { keepDims: true })), 1);
    const program = record(f, x);
    const { rewrite, counts } = spellOutMeans(program);
    expect(counts.map(({ name, value }) => [name, value])).toEqual([
      ["N", 4],
      ["M", 5],
    ]);
    expect(Object.values(rewrite.after.nodes).some(({ op }) => op?.name === "mean")).toBe(false);
    expect(furthest(replay(rewrite.after, [x])[0]!, replay(program, [x])[0]!)).toBe(0);
  });
});
