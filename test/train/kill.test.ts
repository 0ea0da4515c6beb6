/** A script that is killed at any moment, and run again until it is done, comes to what it would have come to. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { numpyRandom, random } from "../../src/index.ts";
import { train } from "../../src/train/index.ts";
import { checkpointFolder } from "../../src/train/node/index.ts";
import { bitsOf } from "./fixture/bits.ts";
import { buildFolder, type Running, start, translate, urlOf } from "./fixture/childProcess.ts";
import { momentumSgd, network, points } from "./fixture/network.ts";

// A machine that is busy takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let root = "";
let script = "";
let whole = "";
const running: Running[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "wengert-kill-"));
  translate(["child", "bits", "network"], root);
  script = join(root, "child.mjs");
  // The same, in this process, from the source, without checkpoints.
  const source = numpyRandom(231);
  const data = points(source, 300);
  const options = {
    optimizer: momentumSgd(0.02),
    random: source,
    batchSize: 15,
    epochs: 9,
    learningRateDecay: 0.95,
  };
  whole = bitsOf([await train(network(source), data, options), source.state()]);
});
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

function ready(...args: readonly string[]): Running {
  const child = start(script, ...args);
  running.push(child);
  return child;
}

function run(...args: readonly string[]): Running {
  const child = ready(...args);
  child.begin();
  return child;
}

test("SIGKILL at twenty random moments", async () => {
  const folder = join(root, "killed");
  const moments = random(20, "moments");
  let last = 0;
  let next = ready(folder);
  for (let kills = 0; kills < 20; kills++) {
    const child = next;
    next = ready(folder);
    child.begin();
    expect(await child.said(moments.integers([], { low: 1, high: 9 }).item())).toBe(true);
    await sleep(moments.uniform([], { high: 8 }).item());
    child.kill("SIGKILL");
    const { signal, steps } = await child.ended;
    expect(signal).toBe("SIGKILL");
    // At most the three steps of an interval are done again, and what was being saved.
    expect(steps[0]).toBeGreaterThan(last - 6);
    expect(steps[0]).toBeLessThanOrEqual(last + 1);
    last = steps.at(-1)!;
  }
  expect(last).toBeLessThan(180);
  next.begin();
  const { code, end } = await next.ended;
  expect({ code, end }).toEqual({ code: 0, end: `finished ${whole}` });
  expect((await checkpointFolder(folder).load())?.iteration).toBe(180);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(4);
});

describe("asked to end", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "by %s: the step is finished and saved, and it says where; the exit code is %i",
    async (name, exitCode) => {
      const folder = join(root, name);
      const child = run(folder);
      await child.said(8);
      child.kill(name);
      const { code, signal, steps, end, error } = await child.ended;
      expect({ code, signal }).toEqual({ code: exitCode, signal: null });
      expect(end).toMatch(/^stopped /);
      const last = steps.at(-1);
      expect(error).toBe(
        `${name}: stopping after this step; once more ends at once\n` +
          `stopped by ${name} after step ${last}; saved in ${folder}: run it again to go on\n`,
      );
      expect((await checkpointFolder(folder).load())?.iteration).toBe(last);
      if (name !== "SIGINT") return;
      const again = await run(folder).ended;
      expect(again).toMatchObject({
        code: 0,
        end: `finished ${whole}`,
        error: `${folder}: going on after step ${last}\n`,
      });
      expect(again.steps[0]).toBe(last! + 1);
    },
  );

  test("twice, while something takes long: it ends at once, with the checkpoint before", async () => {
    const folder = join(root, "twice");
    const child = run(folder, "8");
    await child.said(8);
    child.kill("SIGINT");
    await child.wrote("once more ends at once");
    child.kill("SIGINT");
    const { code, end } = await child.ended;
    expect({ code, end }).toEqual({ code: 130, end: null });
    expect((await checkpointFolder(folder).load())?.iteration).toBe(6);
  });
});

test("without cli-progress a terminal shows no bar, and nothing else is amiss", {
  timeout: 300_000,
}, async () => {
  const project = join(root, "project");
  mkdirSync(join(project, "node_modules"), { recursive: true });
  for (const part of ["graph", "ops", "src"])
    cpSync(join(buildFolder, part), join(project, "dist", part), { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  for (const name of ["tslib", "immer"]) {
    const from = fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
    symlinkSync(from, join(project, "node_modules", name), "junction");
  }
  const terminal = join(project, "terminal.mjs");
  writeFileSync(
    terminal,
    `import { progressBar } from "${urlOf(project)}dist/src/train/node/index.js";
     const said = [];
     const bar = await progressBar({ isTTY: true, columns: 80, write: (text) => said.push(text) });
     bar.show({ iteration: 1, iterations: 2, epoch: 0, epochs: 1, loss: 1, accuracy: null });
     bar.end();
     process.stdout.write("said " + said.length + "\\n");`,
  );
  expect(await start(terminal).ended).toMatchObject({ code: 0, end: "said 0", error: "" });
});
