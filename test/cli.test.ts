import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tensor } from "../graph/index.ts";
import { type Demo, demoJSON, makeDemo } from "../src/cli/demo/data.ts";
import { disagreements } from "../src/cli/demo/gradients.ts";
import { COURSE_INPUTS, PUBLISHED_ERRORS } from "../src/cli/demo/inputs.ts";
import { writePicture } from "../src/cli/demo/picture.ts";
import { demoReport } from "../src/cli/demo/report.ts";
import { nearest } from "../src/cli/nearest.ts";
import { entries } from "../src/cli/registry.ts";
import { run } from "../src/cli/run.ts";

interface Shown {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function wengert(...argv: string[]): Promise<Shown> {
  let out = "";
  let error = "";
  const code = await run(argv, {
    out: (text) => {
      out += `${text}\n`;
    },
    error: (text) => {
      error += `${text}\n`;
    },
    style: (_, text) => text,
  });
  return { code, out, error };
}

interface Fixture {
  readonly inputs: Record<string, { shape: number[]; data: number[] }>;
  readonly expected: Record<string, { shape: number[]; data: number[] }>;
  readonly published: { readonly dx_error_range: readonly [number, number]; readonly dgamma_error: number };
}
const fixture = JSON.parse(
  readFileSync(new URL("fixtures/cs231n/03_bn_backward.json", import.meta.url), "utf8"),
) as Fixture;

/** The largest difference, relative to the largest number. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  const size = Math.max(...Array.from(b, Math.abs));
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!))) / size;
}

let directory = "";
let demo: Demo;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "wengert-cli-"));
  demo = await makeDemo({ out: join(directory, "graph.svg"), milliseconds: 50 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("demo: the course's check of batch normalisation", () => {
  it("has the course's inputs", () => {
    const { x, gamma, beta, yBar } = COURSE_INPUTS;
    for (const [name, t] of Object.entries({ x, gamma, beta, dout: yBar })) {
      expect(t.shape).toEqual(fixture.inputs[name]!.shape);
      expect(difference(t.data, fixture.inputs[name]!.data)).toBeLessThan(1e-14);
    }
  });

  it("has NumPy's gradients, every way", () => {
    const limits = { tape: 1e-13, fused: 1e-13, ridders: 1e-9, complexStep: 1e-13 };
    for (const { name, tape, others } of demo.compared) {
      for (const [way, t] of Object.entries({ tape, ...others })) {
        expect(difference(t.data, fixture.expected[name]!.data), `${name} by ${way}`).toBeLessThan(
          limits[way as keyof typeof limits],
        );
      }
    }
  });

  it("walks back through NumPy's values to NumPy's gradients", () => {
    const value = (name: string): Tensor => demo.walk.steps.find((step) => step.name === name)!.value;
    const { mean, std, xhat, out } = fixture.expected;
    expect(difference(value("mu").data, mean!.data)).toBeLessThan(1e-14);
    expect(difference(value("sigma").data, std!.data)).toBeLessThan(1e-14);
    expect(difference(value("xHat").data, xhat!.data)).toBeLessThan(1e-14);
    expect(difference(value("y").data, out!.data)).toBeLessThan(1e-14);
    expect(demo.walk.gradients.map(({ name, from }) => [name, from])).toEqual([
      ["x", 2],
      ["gamma", 1],
      ["beta", 1],
    ]);
    demo.walk.gradients.forEach(({ gradient }, k) => {
      const expected = fixture.expected[["dx", "dgamma", "dbeta"][k]!]!;
      expect(difference(gradient.data, expected.data)).toBeLessThan(1e-13);
    });
  });

  it("says what each step passes on, as an expression that it can be checked by", () => {
    const rules = Object.fromEntries(
      demo.walk.steps.map(({ name, passes }) => [name, passes.map(({ to, rule }) => `${to}: ${rule}`)]),
    );
    expect(Object.keys(rules)).toEqual("y v11 xHat sigma v8 variance v5 centred mu".split(" "));
    expect(rules["y"]).toEqual(["v11: yBar", "beta: sumTo(yBar, [5])"]);
    expect(rules["sigma"]).toEqual(["v8: scale(sigmaBar, div(0.5, sigma))"]);
    expect(rules["mu"]).toEqual(["x: broadcastTo(div(muBar, 4), [4,5])"]);
    const { passes, cotangent, value } = demo.walk.steps.find(({ name }) => name === "sigma")!;
    passes[0]!.cotangent.data.slice().forEach((passed, i) => {
      expect(passed).toBeCloseTo(cotangent.data[i]! * (0.5 / value.data[i]!), 15);
    });
  });

  it("passes on from each node what flows in at the nodes below", () => {
    const arrived = new Map<string, number[]>();
    for (const { name, cotangent, passes } of demo.walk.steps) {
      if (name !== "y") expect(difference(cotangent.data, arrived.get(name)!)).toBeLessThan(1e-15);
      for (const { to, cotangent: passed } of passes) {
        const soFar = arrived.get(to) ?? Array.from(passed.data, () => 0);
        arrived.set(
          to,
          soFar.map((sum, i) => sum + passed.data[i]!),
        );
      }
    }
    for (const { name, gradient } of demo.walk.gradients) {
      expect(difference(gradient.data, arrived.get(name)!)).toBeLessThan(1e-15);
    }
  });

  it("measures the error as the course does, within the figures that were published", () => {
    const [dx, dgamma, dbeta] = demo.compared.map(({ courseError }) => courseError.here);
    const [low, high] = [1.70292e-9, 1.70293e-9]; // 14 of 17 notebooks
    expect(dx).toBeGreaterThan(low);
    expect(dx).toBeLessThan(high);
    // Rounding noise of the differences: the order of size is what is published.
    expect(dgamma! / PUBLISHED_ERRORS.dgamma).toBeLessThan(3);
    expect(dbeta! / PUBLISHED_ERRORS.dbeta).toBeLessThan(3);
    for (const { trueError } of demo.compared) expect(trueError).toBeLessThan(1e-14);
    expect(PUBLISHED_ERRORS.dgamma).toBe(fixture.published.dgamma_error);
  });

  it("times both ways equally often", () => {
    const { rounds, races } = demo.timing;
    expect(rounds).toBeGreaterThanOrEqual(15);
    for (const { ratio, tape, fused } of races) {
      expect(ratio).toBe(tape.median / fused.median);
      expect(tape.low).toBeLessThanOrEqual(tape.median);
      expect(tape.median).toBeLessThanOrEqual(tape.high);
    }
  });
});

describe("demo: what is shown", () => {
  const plain = (isFull: boolean): string => demoReport(demo, isFull, (_, text) => text);

  it("fits 100 columns, in brief and in full", () => {
    for (const text of [plain(false), plain(true)]) {
      const lines = text.split("\n").filter((line) => !line.includes(directory));
      expect(lines.filter((line) => line.length > 100)).toEqual([]);
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    }
  });

  it("names each part, and every node once on the tape and once on the walk", () => {
    const text = plain(false);
    expect(text.match(/^\d {2}.*$/gm)).toEqual([
      "1  The tape",
      "2  The walk back",
      "3  Is it right?",
      "4  Beside the course's figures",
      "5  What it costs",
      "6  The graph as a picture",
    ]);
    expect(text.match(/^ +xHat += div\(centred, sigma\)/gm)).toHaveLength(2);
    expect(text).toContain("7.420414216247087e-13");
    expect(text).toMatch(/All ways agree\.$/);
  });

  it("shows every number with --full", () => {
    const rounded = (value: number): string => String(Number(value.toPrecision(4)));
    for (const value of fixture.expected["dx"]!.data) expect(plain(true)).toContain(rounded(value));
  });

  it("says which does not agree", () => {
    const wrong = demo.compared.map((row) =>
      row.name === "dgamma" ? { ...row, digits: { ...row.digits, fused: 3.21 } } : row,
    );
    const said = disagreements(wrong);
    expect(said).toEqual([
      "dgamma: the tape and the closed form share 3.2 digits, where at least 10 were expected.",
    ]);
    expect(demoReport({ ...demo, disagreements: said }, false, (_, t) => t)).toMatch(
      /They do not agree:\n {2}dgamma: /,
    );
    const nan = demo.compared.map((row) => ({ ...row, digits: { ...row.digits, ridders: Number.NaN } }));
    expect(disagreements(nan)).toHaveLength(3);
  });

  it("is the same as JSON", async () => {
    const { code, out } = await wengert("demo", "--json", "--out", join(directory, "again.dot"));
    expect(code).toBe(0);
    const parsed = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(Object.keys(demoJSON(demo)));
    expect(parsed).toMatchObject({
      disagreements: [],
      program: { format: "wengert/program" },
      gradients: [{ name: "dx", courseError: { published: 1.7029258328157158e-9 } }, {}, {}],
      picture: { format: "dot", file: join(directory, "again.dot") },
    });
  });
});

describe("demo: the picture", () => {
  it("is SVG, with every node", () => {
    expect(demo.picture).toEqual({ file: join(directory, "graph.svg"), format: "svg", note: null });
    const svg = readFileSync(demo.picture.file, "utf8");
    expect(svg.match(/class="node"/g)).toHaveLength(12);
    expect(svg).toContain(">div(centred, sigma)<");
  });

  it("is DOT where @viz-js/viz is missing, and says how to get the SVG", async () => {
    const picture = await writePicture(demo.program, join(directory, "none.svg"), async () => null);
    expect(picture).toMatchObject({ file: join(directory, "none.dot"), format: "dot" });
    expect(picture.note).toContain("npm install @viz-js/viz");
    expect(readFileSync(picture.file, "utf8")).toMatch(/^digraph/);
    expect(existsSync(join(directory, "none.svg"))).toBe(false);
  });

  it("goes nowhere where it cannot be written, with one line and exit code 1", async () => {
    const { code, error } = await wengert("demo", "--out", join(directory, "no", "such.dot"));
    expect(code).toBe(1);
    expect(error).toMatch(/^wengert: ENOENT[^\n]*\n$/);
  });
});

describe("tape, certify and ops", () => {
  it("tape prints an op with its parameters' names", async () => {
    const { out } = await wengert("tape", "fusedBatchNorm");
    expect(out).toMatch(/^x +=.*\ngamma +=.*\nbeta +=.*\nv3 += fusedBatchNorm\(x, gamma, beta, /);
  });

  it("tape finds names for inputs of any number", async () => {
    expect((await wengert("tape", "concat")).out).toMatch(/concat\(\[x1, x2/);
  });

  it.each([
    ["text", /^x += input/],
    ["dot", /^digraph program \{/],
    ["latex", /^\\begin\{aligned\}/],
    ["json", /^\{\n {2}"format": "wengert\/program"/],
  ])("tape prints a composition as %s", async (format, start) => {
    const { code, out } = await wengert("tape", "batchNorm", "--format", format);
    expect(code).toBe(0);
    expect(out).toMatch(start);
    expect(out).toMatch(format === "latex" ? /\\sqrt/ : /sqrt/);
  });

  it("certify reports, replays by seed, and speaks JSON", async () => {
    const first = await wengert("certify", "fusedBatchNorm", "--seed", "5");
    expect(first).toMatchObject({ code: 0, error: "" });
    expect(first.out).toMatch(/^fusedBatchNorm: agrees \(seed 5\)/);
    expect(await wengert("certify", "fusedBatchNorm", "--seed", "5")).toEqual(first);
    const { out } = await wengert("certify", "batchNorm", "--json");
    expect(JSON.parse(out)).toMatchObject({
      subject: "batchNorm",
      verdict: "agrees",
      findings: "value,x,gamma,beta,x,gamma,beta".split(",").map((input) => ({ input })),
    });
    const once = await wengert("certify", "batchNorm", "--order", "1", "--json");
    expect((JSON.parse(once.out) as { findings: unknown[] }).findings).toHaveLength(4);
    expect(await wengert("certify", "batchNorm", "--order", "4")).toMatchObject({ code: 2 });
  });

  it("ops lists every op, sorted, and the compositions behind fused ones", async () => {
    const { out } = await wengert("ops");
    const names = out.trim().split("\n");
    expect(names).toContain("sqrt");
    expect(names).toContain("batchNorm (a composition of others)");
    const json = JSON.parse((await wengert("ops", "--json")).out) as { name: string }[];
    expect(json.map(({ name }) => name)).toEqual([...entries().keys()]);
    expect(json).toHaveLength(names.length);
  });
});

describe("the command line", () => {
  it.each([
    [[], "a command is needed: demo, tape, certify, ops"],
    [["tpe"], "there is no command 'tpe'; did you mean tape?"],
    [["frobnicate"], "there is no command 'frobnicate'; there are demo, tape, certify, ops"],
    [["--frobnicate"], "unknown option '--frobnicate'"],
    [["demo", "--fulll"], "unknown option '--fulll'"],
    [["demo", "picture"], "unexpected argument 'picture'"],
    [["demo", "--out", "graph.png"], "--out must end in .svg or .dot, got 'graph.png'"],
    [["tape"], "tape takes one op's name: wengert tape sqrt"],
    [["tape", "sqrt", "add"], "tape takes one op's name: wengert tape sqrt"],
    [["tape", "sqrt", "--format", "xml"], "--format must be one of text, dot, latex, json, got 'xml'"],
    [
      ["tape", "sqrt", "--format", "toString"],
      "--format must be one of text, dot, latex, json, got 'toString'",
    ],
    [["tape", "sqrtt"], "no op is called 'sqrtt'; did you mean sqrt"],
    [["certify", "Sqrt"], "no op is called 'Sqrt'; did you mean sqrt"],
    [["tape", "constructor"], "no op is called 'constructor'; `wengert ops` lists them"],
    [["certify", "sqrt", "--seed", "1.5"], "--seed must be a whole number from 0 to 2^53 - 1, got '1.5'"],
    [
      ["certify", "sqrt", "--seed", "-1"],
      "--seed takes a value; one that begins with '-' is written --seed=VALUE",
    ],
    [["certify", "a\nb"], "no op is called 'a b'; `wengert ops` lists them"],
    [["help", "tpae"], "there is no command 'tpae'; did you mean tape?"],
  ])("%j is refused in one line, with exit code 2", async (argv, message) => {
    const { code, out, error } = await wengert(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error.startsWith(`wengert: ${message}`), error).toBe(true);
    expect(error.endsWith(" (see wengert --help)\n")).toBe(true);
    expect(error.trim()).not.toContain("\n");
  });

  it("helps, within 100 columns", async () => {
    const { code, out } = await wengert("--help");
    expect(code).toBe(0);
    for (const command of ["demo", "tape", "certify", "ops"]) {
      expect(out).toContain(`wengert ${command} `);
      expect((await wengert(command, "--help")).out).toBe((await wengert("help", command)).out);
    }
    expect(out.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  it("knows its version", async () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(await wengert("--version")).toEqual({ code: 0, out: `${manifest.version}\n`, error: "" });
  });

  it("finds near names, the nearest first", () => {
    expect(nearest("sqr", ["square", "sqrt", "sum", "abs"])).toEqual(["sqrt"]);
    expect(nearest("norm", ["batchNorm", "layerNorm", "neg"])).toEqual(["batchNorm", "layerNorm"]);
    expect(nearest("x", ["add", "mul"])).toEqual([]);
  });
});

describe("the built command", { timeout: 30_000 }, () => {
  const main = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
  const spawned = (...args: string[]) =>
    spawnSync(process.execPath, [main, ...args], {
      encoding: "utf8",
      env: { ...process.env, FORCE_COLOR: "1" },
    });

  it("starts by itself, and colours nothing in a pipe", () => {
    expect(readFileSync(main, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    const { status, stdout, stderr } = spawned("demo", "--out", join(directory, "built.svg"));
    expect(stderr).toBe("");
    expect(stdout).toContain("All ways agree.");
    expect(stdout).not.toContain("\u001B");
    expect(status).toBe(0);
    expect(spawned("nonsense").status).toBe(2);
  });
});
