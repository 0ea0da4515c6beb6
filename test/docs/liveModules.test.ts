/** What the pages' live parts are made of, where it needs no page: in Node. */
import { describe, expect, it } from "vitest";
import * as wengert from "../../dist/src/index.js";
import { certificateTable } from "../../docs/.vitepress/theme/live/certificateTable.ts";
import type { FromWorker } from "../../docs/.vitepress/theme/live/messages.ts";
import { modulesFor } from "../../docs/.vitepress/theme/live/modules.ts";
import { certificateOf, partsOf, tapeOf } from "../../docs/.vitepress/theme/live/parts.ts";
import { codeIn, hashOf } from "../../docs/.vitepress/theme/live/share.ts";
import { logged } from "../../docs/.vitepress/theme/live/shown.ts";
import { codeErrorOf, moduleOf, transpiled } from "../../docs/.vitepress/theme/live/transpile.ts";
import { type RaceStep, raceAt } from "../../docs/.vitepress/theme/training/race.ts";

const { certify, FusedBatchNorm, sigmoid, tensor } = wengert;

describe("code in an address", () => {
  it.each(["", "const x = 1;\n", "// 批归一化 ∂L/∂x\n".repeat(40), "a".repeat(100_000)])(
    "comes back as it was (case %#)",
    async (code) => {
      const hash = await hashOf("batch-norm", code);
      expect(hash).toMatch(/^#code=batch-norm\.[\w-]*$/);
      expect(await codeIn(hash, "batch-norm")).toBe(code);
      expect(await codeIn(hash, "gelu")).toBeNull();
    },
  );

  it("is shorter than the code", async () => {
    expect((await hashOf("x", "add(mul(gamma, xHat), beta);\n".repeat(30))).length).toBeLessThan(120);
  });

  it.each(["", "#code=", "#code=x.", "#code=x.@@@", "#code=x.AAAA", "#installation"])(
    "is none where it cannot be read: %s",
    async (hash) => {
      expect(await codeIn(hash, "x")).toBeNull();
    },
  );

  it("is none where it would fill the memory", async () => {
    expect(await codeIn(await hashOf("x", "a".repeat(300_000)), "x")).toBeNull();
  });
});

/** What the worker does with code, without the worker. */
async function ran(code: string): Promise<Record<string, unknown>> {
  const js = transpiled(code);
  const require = await modulesFor(js);
  const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(moduleOf(js))}`;
  const { default: program } = (await import(/* @vite-ignore */ url)) as {
    default: (r: unknown, e: object, c: object) => Promise<void>;
  };
  const exports: Record<string, unknown> = {};
  await program(require, exports, { log: () => undefined });
  return exports;
}

describe("running an example", () => {
  it("takes the types away, and leaves every line where it was", () => {
    const code = "interface A {\n  b: number;\n}\n\nexport const f = (x: A): number =>\n  x.b as number;\n";
    const js = transpiled(code);
    expect(js.split("\n")[5]).toContain("x.b");
    expect(js).not.toMatch(/interface|: number/);
  });

  it("answers imports from the library, types and all", async () => {
    const exports = await ran(
      'import { mul, type Tensor } from "wengert";\nimport { dense } from "wengert/nn";\n' +
        "export const twice = (x: Tensor): Tensor => mul(x, 2);\nexport const is = typeof dense;\n" +
        "export const late = await Promise.resolve(3);\n",
    );
    const twice = exports["twice"] as (x: unknown) => { item(): number };
    expect(twice(tensor(4)).item()).toBe(8);
    expect([exports["is"], exports["late"]]).toEqual(["function", 3]);
  });

  it("says what cannot be imported", async () => {
    await expect(ran('import { readFileSync } from "node:fs";\nreadFileSync("x");')).rejects.toThrow(
      "there is no module 'node:fs' on this page",
    );
  });

  it("finds the line of what is no TypeScript", async () => {
    expect(await ran("const a = 1;\nconst = 2;\n").catch(codeErrorOf)).toMatchObject({ line: 2 });
  });

  // Node gives no names to modules that are data; the stacks of browsers, as they write them:
  it.each([
    [
      "TypeError: no\n    at f (example.ts:5:10)\n    at default (example.ts:7:1)\n    at async x (https://a/b.js:1:2)",
      5,
    ],
    ["ShapeError: add\n    at bind (https://a/assets/w.js:4:10)\n    at example.ts:3:1", 3],
    ["bind@https://a/assets/w.js:4:10\nlayer@example.ts:12:5\ndefault@example.ts:14:3", 12],
    ["Error: elsewhere\n    at https://a/assets/w.js:4:10", null],
  ])("finds the line in a stack (case %#)", (stack, line) => {
    const error = Object.assign(new Error("no"), { stack });
    expect(codeErrorOf(error)).toEqual({ message: "Error: no", line });
    expect(codeErrorOf("thrown")).toEqual({ message: "threw thrown", line: null });
  });

  it("keeps the library's words", async () => {
    const code = 'import { add, tensor } from "wengert";\nadd(tensor([1, 2]), tensor([1, 2, 3]));\n';
    const error = (await ran(code).catch(codeErrorOf)) as Extract<FromWorker, { kind: "error" }>["error"];
    expect(error.message).toMatch(/^ShapeError: add: /);
  });
});

describe("what an example's exports can be looked at as", () => {
  const layer = { layer: (x: wengert.Tensor) => sigmoid(x), inputs: [tensor([0, 1])] };

  it("a tape and a certificate, where it exports a layer and inputs", async () => {
    expect(partsOf(layer)).toEqual(["tape", "certificate"]);
    expect(partsOf({ layer: layer.layer })).toEqual([]);
    expect(tapeOf(layer, "code").source).toEqual({ file: "example.ts", text: "code" });
    expect((await certificateOf(layer)).report).toMatchObject({ verdict: "agrees" });
  });

  it("what explore and certify have returned, as it is", async () => {
    const tape = tapeOf(layer, null);
    const report = certify(sigmoid, 2);
    expect(partsOf({ tape, report })).toEqual(["tape", "certificate"]);
    expect(tapeOf({ tape }, null)).toEqual(tape);
    expect((await certificateOf({ report })).report.findings).toEqual(report.findings);
  });

  it("a mutation score, where it exports a fused op", async () => {
    const x = tensor([
      [1, 2],
      [3, 5],
      [8, 4],
    ]);
    const params = { axes: [0], eps: 1e-5 };
    const inputs = [x, tensor([2, -1]), tensor([0.5, 3])];
    const { report, mutation } = await certificateOf({ op: FusedBatchNorm, params, inputs });
    expect(report.verdict).toBe("agrees");
    expect(mutation).toMatchObject({ killed: mutation?.total, survivors: [] });
    expect(structuredClone({ report, mutation })).toEqual({ report, mutation });
  });
});

describe("what is printed", () => {
  it.each([
    [["x =", 3, true, null, undefined], "x = 3 true null undefined"],
    [[[1, -0, "a"]], "[ 1, -0, 'a' ]"],
    [[{ a: 1, b: [2n] }], "{ a: 1, b: [ 2n ] }"],
    [[tensor([1, 2])], "float64[2] [1, 2]"],
    [[Float64Array.of(1.5)], "Float64Array(1) [ 1.5 ]"],
    [[sigmoid], "[Function: sigmoid]"],
    [[[]], "[]"],
  ])("%#", (values, text) => {
    expect(logged(values)).toBe(text);
  });
});

describe("the certificate's table", () => {
  it("has a row an input and a column an order, and boxes that say what the colour does", () => {
    const report = certify((a: wengert.Tensor, b: wengert.Tensor) => wengert.mul(a, b), 2, 3);
    const { orders, rows } = certificateTable(report);
    expect(orders).toEqual([0, 1, 2]);
    expect(rows).toHaveLength(3);
    expect(rows[0]!.cells.map((cell) => cell === null)).toEqual([false, true, true]);
    for (const { cells } of rows.slice(1)) {
      expect(cells[0]).toBeNull();
      for (const cell of cells.slice(1)) expect(cell!.level).toBe(Math.round(cell!.digits / 4));
    }
    const wrong = wengert.customVjp(
      (x: wengert.Tensor) => wengert.exp(x),
      (_, yBar) => [yBar],
    );
    const levels = certificateTable(certify(wrong, 1)).rows.flatMap(({ cells }) => cells);
    expect(levels.find((cell) => cell?.verdict === "disagrees")?.level).toBe(0);
  });
});

describe("training with and without batch norm", () => {
  async function losses(scale: number): Promise<readonly RaceStep[]> {
    const race = await raceAt(scale);
    const steps: RaceStep[] = [];
    for (let step = race.step(); step !== null; step = race.step()) steps.push(step);
    return steps;
  }

  it("learns with it at any scale, and without it not from weights that are too small", async () => {
    const steps = await losses(0.01);
    expect(steps).toHaveLength(300);
    // Three classes, and nothing known: ln 3.
    expect(steps[0]!.without).toBeCloseTo(Math.log(3), 3);
    expect(steps.at(-1)!.without).toBeGreaterThan(1);
    expect(steps.at(-1)!.withNorm).toBeLessThan(0.3);
    expect(steps.at(-1)!.accuracy!.withNorm).toBeGreaterThan(0.9);
  });

  it("goes on with the one where the other has diverged", async () => {
    const steps = await losses(10);
    expect(steps.at(-1)!.step).toBe(300);
    expect(steps.at(-1)!.withNorm).toBeLessThan(1);
  });
});
