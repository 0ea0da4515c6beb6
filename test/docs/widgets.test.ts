/** The pages' live parts, as a reader uses them: by keyboard where that can be. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createJiti } from "jiti";
import type { Locator, Page } from "playwright";
import { afterEach, describe, expect, test } from "vitest";
import type * as Explorer from "../../src/explore/index.ts";
import { lastMoment, momentAt } from "../../src/explore/moments.ts";
import type * as Library from "../../src/index.ts";
import { seriousFaults } from "./axe.ts";
import { useSite, type Watched } from "./browser.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const site = useSite();

let open: Watched | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

/** The page, which is closed after the test. */
async function visit(path: string, looks?: Parameters<typeof site.open>[1]): Promise<Page> {
  open = await site.open(path, looks);
  return open.page;
}

/** The live example of the home page, with its editor open. */
async function opened(page: Page): Promise<Locator> {
  const live = page.locator(".live").first();
  await page.getByRole("button", { name: "Edit and run" }).first().focus();
  await page.keyboard.press("Enter");
  await live.locator(".cm-content").waitFor();
  await done(live);
  return live;
}

async function done(live: Locator): Promise<void> {
  await live.locator("css=.status", { hasText: "Done." }).waitFor();
}

/** Put something at the end of the program, by keyboard. */
async function append(page: Page, live: Locator, code: string): Promise<void> {
  await live.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText(code);
}

async function printed(live: Locator): Promise<string> {
  return (await live.locator(".printed").textContent()) ?? "";
}

const textOf = (name: string): string => readFileSync(`${root}docs/examples/${name}`, "utf8");

describe("a live example", () => {
  test("prints in the page what it prints in Node, and something else when it is edited", async () => {
    const page = await visit("index.html");
    const live = await opened(page);
    const before = await printed(live);
    expect(before.trimEnd()).toBe(textOf("batch-norm.txt").trimEnd());
    await append(page, live, '\nconsole.log("twice", inputs[1].data[0]! * 2);\n');
    await live.locator(".printed", { hasText: "twice" }).waitFor();
    expect((await printed(live)).trimEnd()).toBe(`${before.trimEnd()}\ntwice 4`);
    expect(open!.faults).toEqual([]);
  });

  test("in a loop that never ends leaves the page alone, and is stopped", async () => {
    const page = await visit("index.html");
    const live = await opened(page);
    await append(page, live, '\nconsole.log("before");\nfor (;;) {}\n');
    await page.keyboard.press("ControlOrMeta+Enter");
    const stop = live.getByRole("button", { name: "Stop" });
    await live.locator(".printed", { hasText: "before" }).waitFor();
    // The page answers.
    expect(await page.evaluate("1 + 1")).toBe(2);
    await stop.focus();
    await page.keyboard.press("Enter");
    await live.locator(".status", { hasText: "Stopped." }).waitFor();
    await live.getByRole("button", { name: "Reset" }).click();
    await done(live);
    expect((await printed(live)).trimEnd()).toBe(textOf("batch-norm.txt").trimEnd());
  });

  test.each([
    ["that is thrown", '\n\nthrow new RangeError("on purpose");\n', "RangeError: on purpose"],
    ["of the library", "\nadd(inputs[0], inputs[0].data as never);\n", "ArgumentError: add: "],
    ["of syntax", "\nconst 3 = 4;\n", "SyntaxError"],
  ])("shows the line of an error %s", async (_, code, message) => {
    const page = await visit("index.html");
    const live = await opened(page);
    await append(page, live, code);
    const error = live.getByRole("alert");
    await error.waitFor();
    expect(await error.textContent()).toContain(message);
    expect(await live.locator(".cm-wrong").textContent()).toContain(code.trim());
    const said = (await error.getByRole("button").textContent())?.trim();
    await error.getByRole("button").press("Enter");
    // The editor's own number of the line that the cursor has been put on.
    expect(said).toBe(`line ${await live.locator(".cm-activeLineGutter").textContent()}`);
  });

  test("that came with the address does not run by itself", async () => {
    const page = await visit("index.html");
    const live = await opened(page);
    await append(page, live, '\nconsole.log("from afar");\n');
    await live.locator(".printed", { hasText: "from afar" }).waitFor();
    await live.getByRole("button", { name: "Copy link" }).press("Enter");
    await page.waitForFunction("location.hash.startsWith('#code=batch-norm.')");
    const { hash } = new URL(page.url());
    await open!.close();

    const other = await visit(`index.html${hash}`);
    const there = other.locator(".live").first();
    await there.locator(".cm-content").waitFor();
    expect(await there.getByRole("alert").textContent()).toContain("runs when you press Run");
    expect(await there.locator(".cm-content").textContent()).toContain("from afar");
    await other.waitForTimeout(1500);
    expect(await printed(there)).toBe("Nothing was printed.");
    expect(other.workers()).toEqual([]);
    await there.getByRole("button", { name: "Run", exact: true }).press("Enter");
    await there.locator(".printed", { hasText: "from afar" }).waitFor();
  });

  test("has a tape, whose nodes are lines of the code, and a certificate", async () => {
    const page = await visit("index.html");
    const live = await opened(page);
    await live.getByRole("tab", { name: "Printed" }).focus();
    await page.keyboard.press("ArrowRight");
    await live.locator(".tape h3").waitFor();
    const here = live.locator(".cm-here");
    await here.waitFor();
    const output = await here.textContent();
    expect(output).toContain('"y")');
    await live.getByRole("tab", { name: "Certificate" }).click();
    await live.locator(".verdict").waitFor();
    expect(await live.locator(".verdict").textContent()).toContain("agrees");
    expect(await seriousFaults(page, undefined, ".live")).toEqual([]);
    expect(open!.faults).toEqual([]);
  });
});

interface Example {
  readonly layer: (...x: Library.Tensor[]) => Library.Tensor;
  readonly inputs: readonly Library.Tensor[];
}

/** The library as it is built, and an example on it, as modules of Node. */
async function inNode(name: string): Promise<{
  readonly library: typeof Library;
  readonly explorer: typeof Explorer;
  readonly example: Example;
}> {
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    alias: { wengert: `${root}dist/src/index.js` },
  });
  const { log } = console;
  console.log = () => undefined;
  try {
    return {
      library: await jiti.import(`${root}dist/src/index.js`),
      explorer: await jiti.import(`${root}dist/src/explore/index.js`),
      example: await jiti.import(`${root}docs/examples/${name}.ts`),
    };
  } finally {
    console.log = log;
  }
}

/** The numbers of a table of the explorer, as a reader reads them. */
async function numbersIn(table: Locator): Promise<number[]> {
  if ((await table.count()) === 0) return [];
  return (await table.locator("td").allTextContents()).map((text) => Number(text.replace("−", "-")));
}

describe("the tape explorer", () => {
  test("steps forward and back through the numbers that the library has in Node", async () => {
    const page = await visit("batch-norm.html");
    await page.locator(".tape").first().scrollIntoViewIfNeeded();
    const tape = page.locator(".tape").first();
    await tape.locator("h3").waitFor();
    const { library, explorer, example } = await inNode("batch-norm");
    const { layer, inputs } = example;
    const document = explorer.explore(layer, ...inputs);

    const check = async (position: number): Promise<void> => {
      const moment = momentAt(document, position);
      const [first] = moment.phase === "seed" ? moment.to : [moment.at];
      const node = document.nodes.find(({ id }) => id === first);
      if (node === undefined) return;
      expect(await tape.locator("h3").textContent()).toBe(`${node.label} = ${node.text}`);
      const expected = [node.value, moment.cotangents.get(node.id)];
      const tables = tape.locator(".side .numbers");
      for (const [k, view] of expected.entries()) {
        const shown = view === undefined ? [] : await numbersIn(tables.nth(k));
        expect(shown).toHaveLength(view?.cells.length ?? 0);
        shown.forEach((value, i) => {
          const exact = Number(view!.cells[i]);
          expect(Math.abs(value - exact)).toBeLessThanOrEqual(6e-3 * Math.abs(exact));
        });
      }
    };
    const last = lastMoment(document);
    await tape.getByRole("button", { name: "To the beginning" }).press("Enter");
    const slider = tape.getByRole("slider");
    await slider.focus();
    for (let position = 1; position <= last; position++) {
      await page.keyboard.press("ArrowRight");
      await check(position);
    }
    for (let position = last - 1; position > 0; position--) {
      await tape.getByRole("button", { name: "One step back" }).press("Enter");
      await check(position);
    }
    // What has arrived at the inputs is the gradient, which has been pulled back by another way.
    const seed = document.seeds[0]!.xBar;
    const yBar = library.fromData(seed.shape, "float64", Float64Array.from(seed.cells, Number));
    const xBars = library.vjp(layer, ...inputs)[1](yBar);
    const arrived = document.inputs.map((id) =>
      momentAt(document, last).cotangents.get(id)!.cells.map(Number),
    );
    expect(arrived).toEqual(xBars.map((t) => [...t.data]));
    expect(open!.faults).toEqual([]);
  });

  test("is walked by arrow keys, and shows what passes did", async () => {
    const page = await visit("batch-norm.html", { width: 390 });
    const tape = page.locator(".tape").first();
    await tape.scrollIntoViewIfNeeded();
    await tape.locator("h3").waitFor();
    const selected = tape.locator("[role=option][aria-selected=true]");
    await selected.focus();
    const from = await selected.getAttribute("aria-label");
    await page.keyboard.press("ArrowUp");
    expect(await selected.getAttribute("aria-label")).not.toBe(from);
    await page.keyboard.press("ArrowDown");
    expect(await selected.getAttribute("aria-label")).toBe(from);
    await page.keyboard.press("Home");
    expect(await tape.locator("h3").textContent()).toBe("x = input");

    await tape.getByRole("button", { name: "Gradient, simplified" }).press("Enter");
    await tape.locator(".listing").waitFor();
    const gone = tape.locator(".listing .gone");
    expect(await gone.count()).toBe(0);
    await tape.getByRole("button", { name: "To the end" }).press("Enter");
    expect(await gone.count()).toBeGreaterThan(0);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });
});

describe("the certificate view", () => {
  test("has digits for every input, said by more than colour", async () => {
    const page = await visit("batch-norm.html");
    const view = page.locator(".certificate").first();
    await page.locator(".live.view").first().scrollIntoViewIfNeeded();
    await view.waitFor();
    expect(await view.locator(".verdict").textContent()).toContain("agrees");
    expect(await view.locator("tbody th").allTextContents()).toEqual(["value", "x", "gamma", "beta"]);
    const digits = (await view.locator(".digits").allTextContents()).map(Number);
    const boxes = await view.locator(".boxes").allTextContents();
    expect(digits).toHaveLength(7);
    boxes.forEach((text, k) => {
      expect([...text].filter((box) => box === "■")).toHaveLength(Math.round(digits[k]! / 4));
    });
  });
});

describe("the training demo", () => {
  test("has a loss that falls, and is paused and resumed", async () => {
    const page = await visit("batch-norm.html");
    const demo = page.locator(".training");
    await demo.scrollIntoViewIfNeeded();
    await demo.getByRole("button", { name: "Train" }).press("Enter");
    const step = demo.locator(".step");
    const stepped = async (): Promise<number> => Number((await step.textContent())?.match(/\d+/)?.[0] ?? 0);
    await step.filter({ hasText: /Step \d+/ }).waitFor();
    const first = Number(await demo.locator("tr.with td").first().textContent());
    await demo.getByRole("button", { name: "Pause" }).press("Enter");
    await page.waitForTimeout(300);
    const paused = await stepped();
    await page.waitForTimeout(700);
    expect(await stepped()).toBe(paused);
    expect(paused).toBeLessThan(300);
    await demo.getByRole("button", { name: "Resume" }).press("Enter");
    await demo.and(page.locator("[data-phase=done]")).waitFor({ timeout: 90_000 });
    expect(await stepped()).toBe(300);
    const last = Number(await demo.locator("tr.with td").first().textContent());
    expect(last).toBeLessThan(first);
    expect(last).toBeLessThan(0.3);
    expect(await demo.locator("canvas").count()).toBe(1);
    expect(open!.faults).toEqual([]);
  });
});

describe("the page of wengert tape --html", () => {
  test("opens from a file, asks for nothing, and can be walked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wengert-tape-"));
    const file = join(folder, "tape.html");
    const made = spawnSync(process.execPath, [
      `${root}dist/src/cli/main.js`,
      "tape",
      "batchNorm",
      "--html",
      file,
    ]);
    expect(made.status).toBe(0);
    const context = await site.context({ scheme: "dark" });
    try {
      const page = await context.newPage();
      const asked: string[] = [];
      const said: string[] = [];
      page.on("request", (request) => asked.push(request.url().replace(/^data:.*/, "data:")));
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(error.message));
      await page.goto(pathToFileURL(file).href);
      await page.locator("h3").waitFor();
      await page.getByRole("button", { name: "To the beginning" }).click();
      expect(await page.getByRole("status").textContent()).toContain("inputs");
      await page.getByRole("button", { name: "One step on" }).click();
      expect(await page.getByRole("status").textContent()).toMatch(/^Forward, step 1 of/);
      expect(await page.locator("math").count()).toBeGreaterThan(0);
      expect(asked.filter((url) => url !== "data:")).toEqual([pathToFileURL(file).href]);
      expect(said).toEqual([]);
    } finally {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
