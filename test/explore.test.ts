import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { entries } from "../src/cli/registry.ts";
import { arrayView } from "../src/explore/arrayView.ts";
import { collapsed, isSingle, MOST_SHOWN, opened, openedTo } from "../src/explore/collapse.ts";
import { graphOf } from "../src/explore/graph.ts";
import {
  explore,
  exploreWith,
  gradientPasses,
  type TapeDocument,
  type TapeNode,
} from "../src/explore/index.ts";
import { lastMoment, momentAt } from "../src/explore/moments.ts";
import { nestedLatex } from "../src/explore/nestedLatex.ts";
import { lastPatch, passMomentAt, union } from "../src/explore/passMoments.ts";
import {
  ArgumentError,
  add,
  arange,
  batchNorm,
  div,
  exp,
  fromData,
  inOrder,
  mean,
  mul,
  named,
  record,
  removeDeadNodes,
  replay,
  rewrite,
  ShapeError,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  take,
  tensor,
  zeros,
} from "../src/index.ts";

const here = "explore.test.ts";

function nodeCalled(document: TapeDocument, label: string): TapeNode {
  const node = document.nodes.find((one) => one.label === label);
  if (node === undefined) throw new Error(`no node is called ${label}`);
  return node;
}

/** sum((x - 1)^2): by hand, its gradient is 2 (x - 1). */
function distance(x: Tensor): Tensor {
  const d = named(sub(x, 1), "d");
  return named(sum(named(square(d), "s")), "y");
}

describe("explore", () => {
  const x = named(tensor([1, 3, 5]), "x");
  const document = explore(distance, x);

  it("has each node's value and cotangent, as worked out by hand", () => {
    const numbers = document.nodes.map(({ label, value, cotangent }) => [
      label,
      value.cells,
      cotangent?.cells,
    ]);
    expect(numbers).toEqual([
      ["x", [1, 3, 5], [0, 4, 8]],
      ["d", [0, 2, 4], [0, 4, 8]],
      ["s", [0, 4, 16], [1, 1, 1]],
      ["y", [20], [1]],
    ]);
    expect(document).toMatchObject({ name: "distance", seed: "one" });
  });

  it("says what it is, in text and in LaTeX, with numbers where they are scalars", () => {
    expect(nodeCalled(document, "d")).toMatchObject({ text: "sub(x, 1)", latex: "x - 1", parents: [0] });
    expect(nodeCalled(document, "x")).toMatchObject({ kind: "input", latex: null, rule: null });
  });

  it("has each local derivative in the words of the tape", () => {
    expect(nodeCalled(document, "d").rule?.text).toEqual(["xBar += dBar"]);
    expect(nodeCalled(document, "s").rule?.text).toEqual(["dBar += scale(sBar, add(d, d))"]);
    expect(nodeCalled(document, "s").rule?.latex).toContain("\\bar{s} \\, \\left(d + d\\right)");
  });

  it("knows the line that applied each op", () => {
    const lines = document.nodes.slice(1).map(({ origin }) => origin);
    const first = lines[0]!.line;
    expect(lines).toMatchObject([
      { file: here, line: first },
      { file: here, line: first + 1 },
      { file: here, line: first + 1 },
    ]);
    const text = readFileSync(new URL(here, import.meta.url), "utf8").split("\n");
    expect(text[first - 1]).toContain("const d = named(sub(x, 1)");
  });

  it("is kept whole by JSON", () => {
    const hard = explore((t: Tensor) => div(t, [1, 0, 0].length - 3), tensor([1, -1, 0]));
    expect(hard.nodes.at(-1)!.value.cells).toEqual(["Infinity", "-Infinity", "NaN"]);
    expect(JSON.parse(JSON.stringify(hard))).toEqual(hard);
  });

  it("adds up what arrives by several ways, in the order in which it arrives", () => {
    const { backward } = explore((t: Tensor) => sum(mul(t, exp(t))), named(tensor([0, 1]), "t"));
    const gifts = backward.flatMap(({ gives }) => gives).filter(({ to }) => to === 0);
    const e = Math.E;
    expect(gifts.map(({ xBar }) => xBar.cells)).toEqual([
      [1, e],
      [0, e],
    ]);
    expect(gifts[0]!.sum).toBeNull();
    expect(gifts[1]!.sum?.cells).toEqual([1, 2 * e]);
    const twice = explore((t: Tensor) => mul(t, t), tensor(3));
    expect(twice.backward[0]!.gives.map(({ sum }) => sum?.cells)).toEqual([undefined, [6]]);
  });

  it("draws a cotangent for what is no scalar, takes one that is given, and has none for integers", () => {
    const plain = explore((t: Tensor) => mul(t, 2), tensor([1, 2]));
    expect(plain.seed).toBe("drawn");
    expect(plain.nodes[0]!.cotangent!.cells).toEqual(
      plain.seeds[0]!.xBar.cells.map((cell) => 2 * (cell as number)),
    );
    const given = exploreWith({ yBar: tensor([5, 7]) }, (t: Tensor) => mul(t, 2), tensor([1, 2]));
    expect(given).toMatchObject({ seed: "given", nodes: [{ cotangent: { cells: [10, 14] } }, {}] });
    const whole = explore((t: Tensor) => mul(t, 2), tensor(Int32Array.of(1, 2)));
    expect(whole).toMatchObject({ seed: "none", backward: [], seeds: [] });
    const rows = explore(
      (t: Tensor, i: Tensor) => sum(take(t, i, 0)),
      tensor([1, 2]),
      tensor(Int32Array.of(1)),
    );
    expect(rows.nodes.map(({ cotangent }) => cotangent?.cells ?? null)).toEqual([[0, 1], null, [1], [1]]);
  });

  it("shows source files from the last folder that they share", () => {
    const text = "export {};\n";
    const shown = (file: string): string | undefined =>
      exploreWith({ source: { file, text } }, exp, 1).source?.file;
    const folder = fileURLToPath(new URL(".", import.meta.url));
    expect(shown(`${folder}a.ts`)).toBe("a.ts");
    expect(shown(`${folder}sub/a.ts`)).toBe("sub/a.ts");
    // Nothing in common: one of them is no path at all.
    expect(shown("a.ts")).toBe("a.ts");
  });

  it.each([
    ["no function", () => explore(3 as never, 1), ArgumentError, "explore: f to be a function, got 3"],
    ["no tree", () => explore(exp, "x" as never), ArgumentError, "explore: input "],
    ["an option", () => exploreWith({ sed: 1 } as never, exp, 1), ArgumentError, "exploreWith: options {"],
    ["no seed", () => exploreWith({ seed: 0.5 }, exp, 1), ArgumentError, "exploreWith: seed to be"],
    [
      "no source",
      () => exploreWith({ source: "f" as never }, exp, 1),
      ArgumentError,
      "exploreWith: source to be",
    ],
    ["no name", () => exploreWith({ name: 1 as never }, exp, 1), ArgumentError, "exploreWith: name to be"],
    [
      "no passes",
      () => exploreWith({ passes: [{}] as never }, exp, 1),
      ArgumentError,
      "exploreWith: passes, each",
    ],
    [
      "a cotangent",
      () => exploreWith({ yBar: tensor([1]) }, exp, 1),
      ShapeError,
      "exploreWith: the cotangent of",
    ],
  ])("refuses %s", (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});

describe("local derivatives of all ops", () => {
  it.each([...entries().values()].map((entry) => [entry.name, entry] as const))(
    "%s can be typeset",
    (_, entry) => {
      const { f, x } = entry.example(0);
      const { nodes, backward } = explore(f, ...x);
      const strict = { throwOnError: true, strict: "error" } as const;
      for (const { latex, rule } of nodes) {
        if (latex !== null) expect(katex.renderToString(latex, strict)).toContain("katex");
        if (rule !== null) expect(katex.renderToString(rule.latex, strict)).toContain("katex");
      }
      // Who passes something on says what: a rule for every receiver.
      for (const { id, gives } of backward) {
        const rule = nodes.find((node) => node.id === id)?.rule?.text ?? [];
        expect(rule.filter((line) => line.includes(" += "))).toHaveLength(gives.length);
      }
    },
  );
});

describe("formulas in formulas", () => {
  const product = ([a, b]: string[]): string => `${a} \\, ${b}`;
  const power = ([a]: string[]): string => `{${a}}^2`;
  const quotient = ([a, b]: string[]): string => `\\frac{${a}}{${b}}`;
  const difference = ([a, b]: string[]): string => `${a} - ${b}`;
  const total = ([a]: string[]): string => `\\sum ${a}`;
  it.each([
    [product, ["a + b", "c"], "\\left(a + b\\right) \\, c"],
    [product, ["c", "a + b"], "c \\, \\left(a + b\\right)"],
    [product, ["c", "-a"], "c \\, \\left(-a\\right)"],
    [product, ["c", "\\frac{a - b}{2}"], "c \\, \\frac{a - b}{2}"],
    [product, ["\\sum x", "y"], "\\left(\\sum x\\right) \\, y"],
    [product, ["y", "\\sum x"], "y \\, \\sum x"],
    [product, ["\\ln\\left(a + b\\right)", "c"], "\\ln\\left(a + b\\right) \\, c"],
    [power, ["a \\, b"], "{\\left(a \\, b\\right)}^2"],
    [power, ["x"], "{x}^2"],
    [quotient, ["a + b", "c - d"], "\\frac{a + b}{c - d}"],
    [difference, ["a - b", "c - d"], "a - b - \\left(c - d\\right)"],
    [difference, ["a \\, b", "c"], "a \\, b - c"],
    [total, ["a + b"], "\\sum \\left(a + b\\right)"],
    [total, ["a \\, b"], "\\sum a \\, b"],
    [([a]: string[]) => `${a}`, ["a + b"], "a + b"],
    [([a]: string[]) => `e^{${a}}`, ["a + b"], "e^{a + b}"],
    [
      ([a, b]: string[]) => `\\max\\left(${a}, ${b}\\right)`,
      ["a + b", "-c"],
      "\\max\\left(a + b, -c\\right)",
    ],
  ] as const)("case %#", (formula, parts, expected) => {
    expect(nestedLatex(formula, parts)).toBe(expected);
  });
});

describe("moments of the walks", () => {
  const document = explore(distance, named(tensor([1, 3, 5]), "x"));
  const cotangentsAt = (position: number): unknown =>
    Object.fromEntries([...momentAt(document, position).cotangents].map(([id, { cells }]) => [id, cells]));

  it("goes forward op by op, then back", () => {
    expect(lastMoment(document)).toBe(7);
    const phases = Array.from({ length: 8 }, (_, k) => momentAt(document, k)).map(({ phase, step }) => [
      phase,
      step,
    ]);
    expect(phases).toEqual([
      ["inputs", 0],
      ["forward", 1],
      ["forward", 2],
      ["forward", 3],
      ["seed", 0],
      ["backward", 1],
      ["backward", 2],
      ["backward", 3],
    ]);
  });

  it("knows what has been computed, and what has arrived, so far", () => {
    const ids = document.nodes.map(({ id }) => id);
    expect([...momentAt(document, 0).known]).toEqual([ids[0]]);
    expect(momentAt(document, 1).known.size).toBe(2);
    expect(cotangentsAt(3)).toEqual({});
    expect(cotangentsAt(4)).toEqual({ [ids[3]!]: [1] });
    expect(cotangentsAt(6)).toEqual({ [ids[3]!]: [1], [ids[2]!]: [1, 1, 1], [ids[1]!]: [0, 4, 8] });
    expect(momentAt(document, 99)).toEqual(momentAt(document, 7));
    expect(momentAt(document, -1)).toEqual(momentAt(document, 0));
  });
});

describe("arrays for looking at", () => {
  it("keeps small ones as they are", () => {
    const view = arrayView(
      tensor([
        [1, -0, Number.NaN],
        [2, 3, Number.POSITIVE_INFINITY],
      ]),
    );
    expect(view).toEqual({
      shape: [2, 3],
      dtype: "float64",
      range: { min: 0, max: 3, mean: 1.5 },
      notFinite: 2,
      rows: 2,
      cols: 3,
      cells: [1, "-0", "NaN", 2, 3, "Infinity"],
      isCoarse: false,
    });
    expect(arrayView(zeros([0, 3]))).toMatchObject({ range: null, rows: 0, cols: 3, cells: [] });
    expect(arrayView(tensor(7))).toMatchObject({ rows: 1, cols: 1, cells: [7] });
  });

  it("makes means of blocks of large ones", () => {
    // Rows 0 to 31, each constant: block means are those of neighbours, 0.5, 2.5, ...
    const data = Float64Array.from({ length: 32 * 48 }, (_, i) => Math.floor(i / 48));
    const view = arrayView(fromData([32, 48], "float64", data));
    expect(view).toMatchObject({ rows: 16, cols: 16, isCoarse: true, range: { min: 0, max: 31 } });
    expect(view.range!.mean).toBeCloseTo(15.5, 12);
    expect(view.cells.filter((_, k) => k % 16 === 3)).toEqual(
      Array.from({ length: 16 }, (_, i) => 2 * i + 0.5),
    );
    expect(arrayView(arange(1000))).toMatchObject({ rows: 1, cols: 16 });
  });
});

describe("long tapes", () => {
  it.each([1, 300, 301, 1000, 100_000])("%i nodes are shown by runs that cover them in order", (count) => {
    const runs = collapsed(count);
    expect(runs.length).toBeLessThanOrEqual(MOST_SHOWN);
    expect([runs[0]!.start, runs.at(-1)!.end]).toEqual([0, count]);
    expect(runs.slice(1).map(({ start }) => start)).toEqual(runs.slice(0, -1).map(({ end }) => end));
    expect(runs.every(isSingle)).toBe(count <= MOST_SHOWN);
    const seen = openedTo(runs, count - 1);
    expect(seen.at(-1)).toEqual({ start: count - 1, end: count });
    expect(seen.length).toBeLessThanOrEqual(MOST_SHOWN);
  });

  it("opens one group and leaves the others, and draws edges between groups once and forwards", () => {
    const nodes = Array.from({ length: 400 }, (_, id) => ({
      id,
      parents: id === 0 ? [] : [id - 1, id >> 1],
    }));
    const runs = collapsed(400);
    const { boxes, edges } = graphOf(nodes, runs);
    const place = new Map(boxes.map(({ key }, k) => [key, k]));
    expect(edges.every(({ from, to }) => place.get(from)! < place.get(to)!)).toBe(true);
    expect(new Set(edges.map(({ from, to }) => `${from} ${to}`)).size).toBe(edges.length);
    const more = opened(runs, runs[7]!);
    expect(more).toHaveLength(runs.length - 1 + (runs[7]!.end - runs[7]!.start));
    expect(opened(more, more[7]!)).toEqual(more);
  });

  it("walks a chain of 400 ops", () => {
    const chain = explore((t: Tensor) => {
      let y = t;
      for (let k = 0; k < 400; k++) y = mul(y, -1);
      return y;
    }, tensor(2));
    expect(momentAt(chain, lastMoment(chain)).cotangents.get(0)?.cells).toEqual([1]);
    expect(momentAt(chain, 399).known.size).toBe(400);
  });
});

describe("passes, replayed", () => {
  const layer = (t: Tensor): Tensor => {
    mean(exp(t));
    return batchNorm(t, 1, 0);
  };
  const x = tensor([
    [1, 2],
    [4, 8],
  ]);
  const program = record(layer, x);
  const dead = removeDeadNodes(program);
  const turned = rewrite(dead.after, (draft) => {
    draft.outputs = [draft.inputs[0]!];
  });
  const replay = exploreWith(
    {
      passes: [
        { pass: "removeDeadNodes", ...dead },
        { pass: "turn", ...turned },
      ],
    },
    layer,
    x,
  ).passes!;

  it("leads from the program before to the program after, patch by patch", () => {
    expect(lastPatch(replay)).toBe(3);
    const idsOf = (position: number): number[] => [...passMomentAt(replay, position).nodes.keys()];
    const isLine = (id: number): boolean => program.nodes[id]!.op !== null || id === 0;
    expect(idsOf(0)).toEqual(inOrder(program).filter(isLine));
    expect(idsOf(2)).toEqual(inOrder(dead.after).filter(isLine));
    expect(passMomentAt(replay, 0).pass).toBeNull();
    expect(passMomentAt(replay, 0).gone.size).toBe(0);
    expect(passMomentAt(replay, 3).gone.size).toBe(idsOf(0).length - idsOf(2).length);
    expect(passMomentAt(replay, 1)).toMatchObject({
      pass: "removeDeadNodes",
      changes: [{ kind: "drop", label: "v2" }],
    });
    expect(passMomentAt(replay, 3)).toMatchObject({ pass: "turn", outputs: [0] });
    expect(union(replay).map(({ id }) => id)).toEqual(idsOf(0));
  });

  it("are none where none are given", () => {
    expect(explore(sqrt, 4).passes).toBeNull();
    expect(explore((a: Tensor) => add(a, 1), 4).passes).toBeNull();
  });
});

describe("the gradient's passes", () => {
  it("end in a program that computes the gradient", () => {
    const x = named(tensor([1, 2, 4]), "x");
    const passes = gradientPasses((t: Tensor) => div(t, sqrt(sum(square(t)))), x);
    expect(passes.length).toBeGreaterThan(0);
    const yBar = tensor([1, 0, 0]);
    const [xBar] = replay(passes.at(-1)!.after, [yBar, x]);
    // d/dx x1/|x| = (e1 - y1 y) / |x|, by hand.
    const size = Math.sqrt(21);
    const y = [1, 2, 4].map((v) => v / size);
    y.forEach((v, k) => {
      expect(xBar!.data[k]).toBeCloseTo(((k === 0 ? 1 : 0) - y[0]! * v) / size, 14);
    });
    const shown = exploreWith({ passes }, exp, 1).passes!;
    const last = passMomentAt(shown, lastPatch(shown));
    expect(last.outputs).toEqual(passes.at(-1)!.after.outputs);
    expect(last.outputs.every((id) => last.nodes.has(id))).toBe(true);
  });

  it("are none where there is no derivative", () => {
    expect(gradientPasses((t: Tensor) => add(t, 1), tensor(Int32Array.of(1)))).toEqual([]);
    expect(() => gradientPasses(3 as never, 1)).toThrow("gradientPasses: f to be a function, got 3");
  });
});
