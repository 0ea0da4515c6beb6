import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Certificate, certificates, certificatesTable, isInOrder } from "../src/cli/certificates.ts";
import { parameterNames } from "../src/cli/parameterNames.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A user's TypeScript, with syntax that no Node strips. */
const LAYERS = `
import { batchNorm, customVjp, FusedLayerNorm, mul, ones, sqrt, square, sum, type Tensor, zeros } from "wengert";
import { twice } from "./twice";

export enum Mode { Fast }
export function myLayer(x: Tensor, gamma: Tensor, beta: Tensor): Tensor {
  return batchNorm(x, gamma, beta, { eps: 1e-5 });
}
export default (x: Tensor): Tensor => twice(square(x));
export const wrong = customVjp((x: Tensor) => mul(x, mul(x, x)), ({ x: [x] }, yBar) => [mul(yBar, x)]);
export const vacuous = (x: Tensor): Tensor =>
  sum(batchNorm(x, ones([3]), zeros([3]), { eps: 0 }));
export const impure = (x: Tensor): Tensor => mul(x, Math.random());
export const root = (x: Tensor): Tensor => sqrt(x);
export const thrower = (x: Tensor): Tensor => { throw new Error("no such luck\\nand more"); };
export const norm = FusedLayerNorm;
export const wrongNorm = {
  ...FusedLayerNorm,
  name: "wrongNorm",
  vjp(at: never, yBar: Tensor, wanted: never) {
    const [x, gamma, beta] = FusedLayerNorm.vjp(at, yBar, wanted);
    return [x, gamma && mul(gamma, 1.001), beta];
  },
};
`;

const FILES: Readonly<Record<string, string>> = {
  "project/package.json": "{}",
  "project/layers.ts": LAYERS,
  "project/twice.ts":
    'import { add, type Tensor } from "wengert";\nexport const twice = (x: Tensor) => add(x, x);\n',
  "project/plain.mjs": 'import { exp } from "wengert";\nexport function grown(x) { return exp(x); }\n',
  "project/broken.ts": "export const a = 1;\nexport const f = (x => ;\n",
  "project/broken.mjs": 'import { mull } from "wengert";\n',
  "project/boom.mjs": 'throw new Error("boom\\nand more");\n',
  "project/empty.mjs": "export const x = 1;\n",
  "elsewhere/plain.mjs": 'import { exp } from "wengert";\nexport default exp;\n',
  "elsewhere/typed.ts":
    'import { exp, type Tensor } from "wengert";\nexport default (x: Tensor) => exp(x);\n',
};

let directory = "";
let driver: ChildProcess;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "wengert-files-"));
  mkdirSync(join(directory, "project/node_modules"), { recursive: true });
  mkdirSync(join(directory, "elsewhere"));
  symlinkSync(root, join(directory, "project/node_modules/wengert"), "junction");
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, "driver.mjs"), DRIVER);
  driver = fork(join(directory, "driver.mjs"), { cwd: join(directory, "project"), execArgv: [] });
});
afterAll(() => driver.kill());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Shown {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** The built command in a process of its own, in a user's project: files are loaded by Node, not by the test runner. */
const DRIVER = `
import { run } from ${JSON.stringify(new URL("../dist/src/cli/run.js", import.meta.url).href)};
process.on("message", async (args) => {
  const said = { out: "", error: "" };
  const into = (key) => (text) => { said[key] += text + "\\n"; };
  const code = await run(args, { out: into("out"), error: into("error"), style: (_, text) => text });
  process.send({ code, ...said });
});
`;

async function wengert(...args: string[]): Promise<Shown> {
  const answer = once(driver, "message");
  driver.send(args);
  const [shown] = (await answer) as [Shown];
  return shown;
}

describe("certify, on a user's file", { timeout: 300_000 }, () => {
  it("certifies a function at shapes, and replays by seed", async () => {
    const args = ["certify", "./layers.ts#myLayer", "--shapes", "4x5,5,5", "--order", "1"];
    const seven = await wengert(...args, "--seed", "7");
    expect(seven).toMatchObject({ code: 0, error: "" });
    expect(seven.out).toMatch(/^myLayer: agrees \(seed 7\)\n.*gradient of x .*gamma .*beta /s);
    expect(await wengert(...args, "--seed", "7")).toEqual(seven);
    const single = await wengert(...args, "--dtype", "float32", "--json");
    expect(JSON.parse(single.out)).toMatchObject({
      verdict: "agrees",
      findings: [
        { order: 0 },
        { input: "x", shape: [4, 5], dtype: "float32" },
        { shape: [5] },
        { shape: [5] },
      ],
    });
  });

  it.each([
    [["./layers.ts", "--shapes", "3"], 0, /^layers: agrees/],
    [["./plain.mjs#grown", "--shapes", "scalar"], 0, /^grown: agrees/],
    [["./layers.ts#norm"], 0, /^fusedLayerNorm: agrees .*fused against reference/s],
    [["./layers.ts#norm", "--shapes", "3x4,4,4"], 0, /^fusedLayerNorm: agrees/],
    [["./layers.ts#wrong", "--shapes", "3"], 1, /^wrong: disagrees /],
    [["./layers.ts#wrongNorm", "--mutate"], 1, /^wrongNorm: disagrees .*gradient of b +3\.0/s],
    [["./layers.ts#vacuous", "--shapes", "4x3"], 1, /^vacuous: vacuous/],
    [["./layers.ts#impure", "--shapes", "3"], 1, /^impure: impure/],
    [["./layers.ts#root", "--shapes", "8"], 1, /^root: not differentiable here/],
  ])("%j: exit code %i", async (args, code, report) => {
    const said = await wengert("certify", ...args);
    expect(said.error).toBe("");
    expect(said.out).toMatch(report);
    expect(said.code).toBe(code);
  });

  it("plants errors in a fused op, which certify notices", async () => {
    const { code, out } = await wengert("certify", "./layers.ts#norm", "--mutate", "--json");
    expect(code).toBe(0);
    const { mutation } = JSON.parse(out) as {
      mutation: { total: number; killed: number; survivors: unknown[] };
    };
    expect(mutation.survivors).toEqual([]);
    expect(mutation.total).toBeGreaterThan(20);
    expect(mutation.killed).toBe(mutation.total);
    const text = (await wengert("certify", "./layers.ts#norm", "--mutate")).out;
    expect(text).toContain(
      `\n\nfusedLayerNorm: ${mutation.killed} of ${mutation.total} errors noticed (100.0 %)`,
    );
  });

  it.each([
    ["./none.ts", [], "there is no file ./none.ts"],
    ["./broken.ts#f", [], "./broken.ts does not load: ParseError: Unexpected token, at line 2"],
    ["./broken.mjs", [], "./broken.mjs does not load: SyntaxError: The requested module 'wengert'"],
    ["./boom.mjs", [], "./boom.mjs does not load: Error: boom, at line 1"],
    ["./empty.mjs#f", [], "./empty.mjs has no export 'f'; it exports no function or op"],
    ["./plain.mjs", [], "./plain.mjs has no default export; it exports #grown"],
    [
      "./layers.ts#Mode",
      [],
      "./layers.ts exports as 'Mode' neither a function nor an op; it exports default, #",
    ],
    ["./layers.ts#myLayer", [], "myLayer is a function: give the shapes of its inputs"],
    ["./layers.ts#myLayer", ["--shapes", "4x5,5"], "myLayer takes 3 inputs, and --shapes has 2"],
    [
      "./layers.ts#myLayer",
      ["--shapes", "4x5,6,5"],
      "batchNorm: gamma of shape [5] or [1,5], for x of [4,5], got [6]",
    ],
    ["./layers.ts#norm", ["--shapes", "4x5,6,5"], "fusedLayerNorm: gamma of shape [5]"],
    ["./layers.ts#myLayer", ["--shapes", "4y5"], "--shapes takes shapes as in 4x5,5,scalar, got '4y5'"],
    [
      "./layers.ts",
      ["--shapes", "3", "--dtype", "float16"],
      "--dtype must be one of float64, float32, int32, bool",
    ],
    [
      "./layers.ts",
      ["--shapes", "3", "--mutate"],
      "--mutate needs an op made by fused(), which layers is not",
    ],
    [
      "../elsewhere/plain.mjs",
      ["--shapes", "3"],
      "../elsewhere/plain.mjs imports wengert, which is not installed",
    ],
    [
      "../elsewhere/typed.ts",
      ["--shapes", "3"],
      "../elsewhere/typed.ts imports wengert, which is not installed",
    ],
    ["sqrt", ["--out", "x.json"], "--out goes with --all"],
    ["--all", ["--mutate"], "--all goes with --order, --seed, --json and --out only"],
  ])("%s %j is refused in one line", async (word, options, message) => {
    const { code, out, error } = await wengert("certify", word, ...options);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error.startsWith(`wengert: ${message}`), error).toBe(true);
    expect(error.trim()).not.toContain("\n");
  });

  it("says in one line what a function throws", async () => {
    const { code, error } = await wengert("certify", "./layers.ts#thrower", "--shapes", "3");
    expect({ code, error }).toEqual({ code: 1, error: "wengert: thrower threw Error: no such luck\n" });
    const integers = await wengert("certify", "./layers.ts", "--shapes", "3", "--dtype", "int32");
    expect(integers).toMatchObject({
      code: 1,
      error: expect.stringMatching(/float input, got int32[^\n]*\n$/),
    });
  });
});

describe("tape, on a user's file", { timeout: 300_000 }, () => {
  it.each([
    ["text", /^x += input +\[4,5\] .*xHat += div\(centred, sigma\)/s],
    ["dot", /^digraph program \{/],
    ["latex", /^\\begin\{aligned\}/],
    ["json", /^\{\n {2}"format": "wengert\/program"/],
  ])("prints it as %s", async (format, start) => {
    const { code, out } = await wengert(
      "tape",
      "./layers.ts#myLayer",
      "--shapes",
      "4x5,5,5",
      "--format",
      format,
    );
    expect(code).toBe(0);
    expect(out).toMatch(start);
  });

  it("prints an op at its sample", async () => {
    expect((await wengert("tape", "./layers.ts#norm")).out).toMatch(
      / = fusedLayerNorm\(x, gamma, beta, \[1\]/,
    );
    expect(await wengert("tape", "./layers.ts#myLayer")).toMatchObject({ code: 2, out: "" });
  });
});

describe("certificates", () => {
  const kept = JSON.parse(
    readFileSync(new URL("fixtures/certificates.json", import.meta.url), "utf8"),
  ) as readonly Certificate[];
  const made = certificates(1, 2);

  it("are those that are kept, with the same verdicts; of an op that is new, one that does not disagree", () => {
    const verdicts = (all: readonly Certificate[]) => all.map(({ op, verdict }) => `${op}: ${verdict}`);
    const names = new Set(kept.map(({ op }) => op));
    const isNew = ({ op }: Certificate): boolean => !names.has(op);
    expect(verdicts(made.filter((certificate) => !isNew(certificate)))).toEqual(verdicts(kept));
    expect(
      made.filter(isNew).filter(({ verdict }) => !["agrees", "no derivative"].includes(verdict)),
    ).toEqual([]);
    expect(made.filter((certificate) => !isInOrder(certificate))).toEqual([]);
  });

  // Engines round exp, sin and the like in their own ways, and a Ridders table then stops elsewhere: 1.0 is left for that.
  it("have lost no more than 1.0 digits", () => {
    const before = new Map(kept.map(({ op, digits }) => [op, digits]));
    const worse = made.filter(({ op, digits }) => {
      const were = before.get(op) ?? digits;
      return digits.length !== were.length || digits.some((d, n) => d < were[n]! - 1);
    });
    expect(worse).toEqual([]);
  });

  it("are the same each time, and print as a table", () => {
    expect(certificates(1, 2)).toEqual(made);
    const lines = certificatesTable(made).split("\n");
    expect(lines).toHaveLength(made.length + 2);
    expect(lines[0]).toMatch(/^op +verdict +value +order 1 +order 2 +limited by$/);
  });

  it("are written by certify --all, and shown by ops", { timeout: 300_000 }, async () => {
    const file = join(directory, "certificates.json");
    const { code, out, error } = await wengert("certify", "--all", "--out", file);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toBe(`${certificatesTable(made)}\n`);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(made);
    expect(JSON.parse((await wengert("ops", "--certificates", "--json")).out)).toEqual(made);
  });
});

describe("names of parameters", () => {
  it.each([
    [(x: number, gamma: number) => x + gamma, 2, ["x", "gamma"]],
    [(x: number) => x, 1, ["x"]],
    [(x: number, eps = 1) => x + eps, 2, ["x", "eps"]],
    [({ x }: { x: number }) => x, 1, ["x"]],
    [(...all: number[]) => all, 3, ["a", "b", "c"]],
    [null, 4, ["x1", "x2", "x3", "x4"]],
  ])("%s, %i", (f, count, names) => {
    expect(parameterNames(f, count)).toEqual(names);
  });
});
