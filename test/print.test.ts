import { instance } from "@viz-js/viz";
import katex from "katex";
import { describe, expect, it } from "vitest";
import {
  bind,
  fromData,
  named,
  numberText,
  type Primitive,
  type Program,
  removeDeadNodes,
  roundedText,
  type Tensor,
  toDot,
  toExpressions,
  toJSON,
  toLatex,
  toText,
} from "../graph/index.ts";
import { add, batchNorm, div, mul, Square, square, sub, sum } from "../ops/index.ts";
import { entries } from "../src/cli/registry.ts";
import { record } from "../src/transforms/record.ts";

const vector = (...values: number[]): Tensor =>
  fromData([values.length], "float64", Float64Array.from(values));
const matrix = (n: number, d: number): Tensor =>
  fromData(
    [n, d],
    "float64",
    Float64Array.from({ length: n * d }, (_, i) => i),
  );

/** The formula of batch normalisation with the names that papers use. */
function layer(): Program {
  const x = named(matrix(4, 5), "x");
  const gamma = named(vector(1, 1, 1, 1, 1), "gamma");
  const beta = named(vector(0, 0, 0, 0, 0), "beta");
  return record((x, gamma, beta) => named(batchNorm(x, gamma, beta), "y"), x, gamma, beta);
}

describe("batch normalisation in print", () => {
  it("as text", () => {
    expect(toText(layer())).toBe(
      `\
x         = input                    [4,5]  float64
gamma     = input                    [5]    float64
beta      = input                    [5]    float64
mu        = mean(x, [0], keepDims)   [1,5]  float64
centred   = sub(x, mu)               [4,5]  float64
v5        = square(centred)          [4,5]  float64
variance  = mean(v5, [0], keepDims)  [1,5]  float64
v8        = add(variance, 1e-5)      [1,5]  float64
sigma     = sqrt(v8)                 [1,5]  float64
xHat      = div(centred, sigma)      [4,5]  float64
v11       = mul(gamma, xHat)         [4,5]  float64
y         = add(v11, beta)           [4,5]  float64
returns y`,
    );
  });

  it("as DOT", () => {
    const input = 'shape=ellipse, style="filled", fillcolor="#cfe3f7"';
    const op = 'shape=box, style="filled", fillcolor="#ffffff"';
    const lines = toDot(layer()).split("\n");
    expect(lines.filter((line) => line.includes("label="))).toEqual([
      `  n0 [label="x\\n[4,5]", ${input}];`,
      `  n1 [label="gamma\\n[5]", ${input}];`,
      `  n2 [label="beta\\n[5]", ${input}];`,
      `  n3 [label="mu\\nmean(x, [0], keepDims)\\n[1,5]", ${op}];`,
      `  n4 [label="centred\\nsub(x, mu)\\n[4,5]", ${op}];`,
      `  n5 [label="v5\\nsquare(centred)\\n[4,5]", ${op}];`,
      `  n6 [label="variance\\nmean(v5, [0], keepDims)\\n[1,5]", ${op}];`,
      `  n8 [label="v8\\nadd(variance, 1e-5)\\n[1,5]", ${op}];`,
      `  n9 [label="sigma\\nsqrt(v8)\\n[1,5]", ${op}];`,
      `  n10 [label="xHat\\ndiv(centred, sigma)\\n[4,5]", ${op}];`,
      `  n11 [label="v11\\nmul(gamma, xHat)\\n[4,5]", ${op}];`,
      `  n12 [label="y\\nadd(v11, beta)\\n[4,5]", ${op}, peripheries=2];`,
    ]);
    expect(lines.filter((line) => line.includes("->")).map((line) => line.trim())).toEqual(
      "0-3 0-4 3-4 4-5 5-6 6-8 8-9 4-10 9-10 1-11 10-11 11-12 2-12"
        .split(" ")
        .map((edge) => `n${edge.replace("-", " -> n")};`),
    );
  });

  it("as LaTeX", () => {
    expect(toLatex(layer())).toBe(
      String.raw`\begin{aligned}
  x &\in \mathbb{R}^{4 \times 5} \\
  \gamma &\in \mathbb{R}^{5} \\
  \beta &\in \mathbb{R}^{5} \\
  \mu &= \operatorname{mean}_{0} x \\
  \mathrm{centred} &= x - \mu \\
  v_{5} &= {\mathrm{centred}}^2 \\
  \mathrm{variance} &= \operatorname{mean}_{0} v_{5} \\
  v_{8} &= \mathrm{variance} + 10^{-5} \\
  \sigma &= \sqrt{v_{8}} \\
  \hat{x} &= \frac{\mathrm{centred}}{\sigma} \\
  v_{11} &= \gamma \, \hat{x} \\
  y &= v_{11} + \beta \\
  &\text{returns }y
\end{aligned}`,
    );
  });

  it("as JSON", () => {
    const json = toJSON(layer());
    expect(json).toMatchObject({ format: "wengert/program", version: 1, inputs: [0, 1, 2], outputs: [12] });
    expect(json.nodes.map(({ id, op, parents }) => `${id} ${op ?? ""} ${parents ?? ""}`.trim())).toEqual([
      ..."012",
      "3 mean 0",
      "4 sub 0,3",
      "5 square 4",
      "6 mean 5",
      "7",
      "8 add 6,7",
      "9 sqrt 8",
      "10 div 4,9",
      "11 mul 1,10",
      "12 add 11,2",
    ]);
    expect(json.nodes[0]).toEqual({ id: 0, kind: "input", name: "x", shape: [4, 5], dtype: "float64" });
    expect(json.nodes[7]).toEqual({
      id: 7,
      kind: "constant",
      name: null,
      shape: [],
      dtype: "float64",
      data: [1e-5],
    });
    expect(json.nodes[6]).toEqual({
      id: 6,
      kind: "op",
      name: "variance",
      shape: [1, 5],
      dtype: "float64",
      op: "mean",
      parents: [5],
      params: { axes: [0], keepDims: true },
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});

describe("what every op prints", async () => {
  const viz = await instance();
  it.each([...entries().values()])("$name", ({ example }) => {
    const { f, x } = example(0);
    const program = record(f, ...x);
    expect(() =>
      katex.renderToString(toLatex(program), { displayMode: true, strict: "error" }),
    ).not.toThrow();
    expect(viz.render(toDot(program)).errors).toEqual([]);
    const text = toText(program);
    expect(text).not.toMatch(/undefined|\[object|=>/);
    expect(text.split("\n")).toHaveLength(toDot(program).match(/label=/g)!.length + 1);
    const json = toJSON(program);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});

describe("names", () => {
  it("keeps two nodes of one name apart", () => {
    const program = record((x) => named(square(named(square(x), "h")), "h"), vector(1));
    expect(toText(program)).toMatch(/^h {4}= square\(v0\).*\nh_2 {2}= square\(h\)/m);
    expect(toLatex(program)).toContain("h_{2} &= {h}^2");
  });

  it("makes no v1 where a tensor was called so", () => {
    const program = record((x) => square(square(x)), named(vector(1), "v1"));
    expect(toText(program)).toMatch(/v1_2 {2}= square\(v1\)/);
  });

  it.each([
    ["gamma", "\\gamma"],
    ["sigma", "\\sigma"],
    ["Omega", "\\Omega"],
    ["eps", "\\varepsilon"],
    ["xHat", "\\hat{x}"],
    ["xBar", "\\bar{x}"],
    ["muDot", "\\dot{\\mu}"],
    ["xHatBar", "\\bar{\\hat{x}}"],
    ["lossBar", "\\overline{\\mathrm{loss}}"],
    ["W1Bar", "\\bar{W}_{1}"],
    ["mu_2Dot", "\\dot{\\mu}_{2}"],
    ["W1", "W_{1}"],
    ["x_12", "x_{12}"],
    ["gamma2", "\\gamma_{2}"],
    ["loss", "\\mathrm{loss}"],
    ["Hat", "\\mathrm{Hat}"],
    ["w_in", "\\text{w\\_in}"],
    ["50% {a}", "\\text{50\\% \\{a\\}}"],
  ])("%s is %s in LaTeX", (name, latex) => {
    const program = record((x) => x, named(vector(1), name));
    expect(toLatex(program)).toContain(`  ${latex} &\\in`);
    expect(() => katex.renderToString(toLatex(program), { strict: "error" })).not.toThrow();
  });

  it("escapes names in DOT", async () => {
    const dot = toDot(record((x) => x, named(vector(1), 'a "b" \\n &lt;\n')));
    expect(dot).toContain('label="a \\"b\\" \\\\n &amp;lt; \\n[1]"');
    const svg = (await instance()).renderString(dot, { format: "svg" });
    expect(svg).toContain("a &quot;b&quot; \\n &amp;lt;");
  });
});

describe("constants", () => {
  it("stand as numbers where they are scalars, else as lines of their own", () => {
    const program = record((x) => mul(sub(x, -2), vector(1, Number.NaN, -0)), named(vector(1, 2, 3), "x"));
    expect(toText(program)).toBe(
      `\
x   = input                  [3]  float64
v2  = sub(x, -2)             [3]  float64
c1  = constant [1, NaN, -0]  [3]  float64
v4  = mul(v2, c1)            [3]  float64
returns v4`,
    );
    expect(toDot(program)).toMatch(
      /label="c1\\nconstant \[1, NaN, -0\]\\n\[3\]", shape=note, style="filled,dashed"/,
    );
  });

  it("have a line where they have a name or are returned", () => {
    const program = record(
      (x) => [
        add(x, named(fromData([], "float64", Float64Array.of(0.5)), "eps")),
        fromData([], "int32", Int32Array.of(7)),
      ],
      named(vector(1), "x"),
    );
    expect(toText(program)).toContain("eps  = constant 0.5");
    expect(toText(program)).toMatch(/c1 {3}= constant 7 .* int32\nreturns v2, c1$/);
    expect(toLatex(program)).toContain("\\varepsilon &= 0.5");
  });

  it("of many numbers are named, not listed", () => {
    expect(toText(record((x) => add(x, matrix(4, 5)), matrix(4, 5)))).toMatch(/c1 {2}= constant +\[4,5\]/);
  });
});

describe("LaTeX of numbers inside formulas", () => {
  const latexOf = (f: (x: Tensor) => Tensor): string => toLatex(record(f, named(vector(1, 2), "x")));

  it.each([
    ["a minus before a minus", (x: Tensor) => sub(x, -2), "x - \\left(-2\\right)"],
    ["a minus in a product", (x: Tensor) => mul(x, -2), "x \\, \\left(-2\\right)"],
    ["a minus in front", (x: Tensor) => mul(-2, x), "= -2 \\, x"],
    ["a minus in a fraction", (x: Tensor) => div(-2, x), "\\frac{-2}{x}"],
    ["a power of ten", (x: Tensor) => add(x, 2.5e-7), "x + 2.5 \\times 10^{-7}"],
    ["infinity", (x: Tensor) => add(x, Number.NEGATIVE_INFINITY), "x + \\left(-\\infty\\right)"],
    ["not a number", (x: Tensor) => add(x, Number.NaN), "x + \\mathrm{NaN}"],
  ])("%s", (_, f, formula) => {
    expect(latexOf(f)).toContain(formula);
    expect(() => katex.renderToString(latexOf(f), { strict: "error" })).not.toThrow();
  });

  it("puts a number that is raised to a power in parentheses, if it has several parts", () => {
    // An op of two inputs, so that one of them can be a constant.
    const power: Primitive<readonly [Tensor, Tensor]> = {
      name: Square.name,
      shape: ([a]) => a.shape,
      dtype: ([a]) => a.dtype,
      kernel: () => {},
      jvp: () => null,
      vjp: () => [null, null],
      samples: () => [],
      rejects: () => [],
      conventions: () => [],
      lowering: { kind: "kernel" },
      text: ([a, b]) => `pow(${a}, ${b})`,
      latex: ([a, b]) => `{${a}}^{${b}}`,
    };
    const raised = (base: number) =>
      latexOf((x) => bind(power, [fromData([], "float64", Float64Array.of(base)), x], undefined));
    expect(raised(2)).toContain("= {2}^{x}");
    expect(raised(-2)).toContain("= {\\left(-2\\right)}^{x}");
    expect(raised(1e-5)).toContain("= {\\left(10^{-5}\\right)}^{x}");
    expect(
      latexOf((x) => bind(power, [x, fromData([], "float64", Float64Array.of(-2))], undefined)),
    ).toContain("= {x}^{-2}");
  });
});

describe("JSON keeps", () => {
  it("every number that JSON does not", () => {
    const values = [
      1e300,
      5e-324,
      0.1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      0,
    ];
    const { nodes } = toJSON(record((x) => add(x, vector(...values)), vector(...values)));
    const written = JSON.parse(JSON.stringify(nodes)) as typeof nodes;
    const data = written.find(({ kind }) => kind === "constant")!.data!.map(Number);
    expect(data.map((value) => (Object.is(value, -0) ? "-0" : String(value)))).toEqual(
      values.map((value) => (Object.is(value, -0) ? "-0" : String(value))),
    );
  });

  it("parameters, and refuses what is no data", () => {
    const withParams = (params: unknown) => {
      const op: Primitive<readonly [Tensor], unknown> = {
        ...Square,
        text: ([x]) => `op(${x})`,
        latex: ([x]) => x,
      };
      return () => toJSON(record((x) => bind(op, [x], params), vector(1))).nodes[1]!.params;
    };
    expect(withParams({ a: [1, -0], b: { c: Number.NaN, d: undefined }, e: "NaN", f: null })()).toEqual({
      a: [1, { number: "-0" }],
      b: { c: { number: "NaN" } },
      e: "NaN",
      f: null,
    });
    expect(withParams({ shift: Int32Array.of(1, 2) })()).toEqual({ shift: [1, 2] });
    expect(withParams(undefined)()).toBeUndefined();
    expect(withParams({ f: () => 1 })).toThrow(
      "toJSON: parameters of square that are plain data, got a function (f)",
    );
  });

  it("nothing of what a pass removed", () => {
    const program = record(
      (x) => {
        sum(x);
        return square(x);
      },
      vector(1, 2),
    );
    expect(toJSON(removeDeadNodes(program).after).nodes.map(({ op }) => op)).toEqual([undefined, "square"]);
  });
});

describe("expressions", () => {
  it("are nested down to names and leaves", () => {
    const x = named(vector(1, 2), "x");
    const program = record((x) => [div(square(sub(x, 1)), named(add(x, 2), "z")), x], x);
    expect(toExpressions(program)).toEqual(["div(square(sub(x, 1)), z)", "x"]);
  });
});

describe("numbers", () => {
  it.each([
    [0.1, "0.1"],
    [1e-5, "1e-5"],
    [-1.5e-10, "-1.5e-10"],
    [1e21, "1e21"],
    [1234567, "1234567"],
    [-0, "-0"],
    [0, "0"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [5e-324, "5e-324"],
  ])("%s", (value, text) => {
    expect(numberText(value)).toBe(text);
    expect(Number(text)).toBe(value);
  });

  it("float32 by the digits that tell it apart", () => {
    for (const value of [0.1, 1 / 3, 16777216, 3.4028234663852886e38, 1.401298464324817e-45, 1e-5]) {
      const single = Math.fround(value);
      expect(Math.fround(Number(numberText(single, "float32")))).toBe(single);
    }
    expect(numberText(Math.fround(0.1), "float32")).toBe("0.1");
    expect(numberText(Number.NaN, "float32")).toBe("NaN");
    expect(numberText(-0, "float32")).toBe("-0");
    expect(numberText(1, "bool")).toBe("true");
  });

  it("rounded", () => {
    expect([1 / 3, 200000.4, 1e-9 / 3, -0, Number.NaN].map((x) => roundedText(x, 4))).toEqual([
      "0.3333",
      "200000",
      "3.333e-10",
      "-0",
      "NaN",
    ]);
  });
});
