/** The experiments' runs, and their command line. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { findData, load } from "../../src/cs231n/dataset.ts";
import { trainChecks } from "../../src/cs231n/experiments/train.ts";
import type { Results } from "../../src/cs231n/result.ts";
import { drawnFrom, type RunSpec } from "../../src/cs231n/running/group.ts";
import { pool } from "../../src/cs231n/running/pool.ts";
import { numpyRandom } from "../../src/index.ts";
import { fullyConnectedNet } from "../../src/nn/index.ts";
import { adam } from "../../src/optim/index.ts";
import { train } from "../../src/train/index.ts";

const directory = mkdtempSync(join(tmpdir(), "wengert-cs231n-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const MNIST = { mnist: true } as const;

const RUN: RunSpec = {
  hiddenDims: [4],
  normalization: "batchnorm",
  weightScale: 2e-2,
  optimizer: "adam",
  learningRate: 1e-3,
  batchSize: 50,
  epochs: 1,
};

async function wengert(...argv: string[]): Promise<{ code: number; out: string; error: string }> {
  const said = { out: "", error: "" };
  const code = await run(argv, {
    out: (text) => {
      said.out += `${text}\n`;
    },
    error: (text) => {
      said.error += `${text}\n`;
    },
    style: (_, text) => text,
  });
  return { code, ...said };
}

describe("runs that draw from one stream", { timeout: 300_000 }, () => {
  test("give, in any order and apart, what they give one after the other", async () => {
    const { data, inputDim } = await load(MNIST, "float32");
    expect(data.trainX.shape).toEqual([1000, 28, 28]);
    const specs = [[RUN, { ...RUN, normalization: null }], [{ ...RUN, batchSize: 100 }]] as const;

    // As a notebook does it: the weights of a cell's networks, then its trainings; then the next cell.
    const random = numpyRandom(231);
    const expected: (readonly number[])[][] = [];
    for (const runs of specs) {
      const nets = runs.map(({ hiddenDims, normalization, weightScale }) =>
        fullyConnectedNet({ hiddenDims, inputDim, normalization, weightScale, dtype: "float32", random }),
      );
      const histories: (readonly number[])[] = [];
      for (const [k, { batchSize, epochs, learningRate }] of runs.entries()) {
        const options = { optimizer: adam({ learningRate }), random, batchSize, epochs };
        histories.push((await train(nets[k]!, data, options)).lossHistory);
      }
      expected.push(histories);
    }

    const stream = numpyRandom(231);
    const from = { samples: 1000, inputDim };
    const groups = specs.map((runs) => drawnFrom(stream, { dtype: "float32", runs }, from));
    const done: number[] = [];
    const outcomes = await pool(MNIST, 0).run([...groups].reverse(), (k) => done.push(k));
    expect(outcomes.map((group) => group.map(({ lossHistory }) => lossHistory)).reverse()).toEqual(expected);
    expect(done).toEqual([1, 2]);
  });
});

test("data are looked for where they usually are, and a folder that was named has to have them", async () => {
  await expect(findData(directory)).rejects.toThrow("findCifar10");
  const place = await findData(undefined);
  expect("cifar10" in place || "mnist" in place).toBe(true);
});

test("printed losses are the same, near or wrong", () => {
  const table = (ours: string) => ({
    title: "",
    columns: [],
    rows: [
      [61, "1.753903", ours, "-"],
      [81, "-", "1.2", "-"],
    ],
  });
  const verdict = (ours: string) =>
    trainChecks({ name: "", title: "", summary: [], figures: [], tables: [table(ours)], seconds: 0 }).map(
      (row) => row.verdict,
    );
  expect(verdict("1.753903")).toEqual(["same"]);
  expect(verdict("1.753902")).toEqual(["band"]);
  expect(verdict("1.753803")).toEqual(["differs"]);
});

describe("the command line", { timeout: 300_000 }, () => {
  test("prints the figures, writes the report, and says by its exit code that none differs", async () => {
    const { code, out, error } = await wengert("cs231n", "check", "--out", directory);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toContain("1.7029258328157158e-09");
    expect(out).toContain(`report: ${join(directory, "index.html")}`);
    const results = JSON.parse(readFileSync(join(directory, "report.json"), "utf8")) as Results;
    expect(results.checks.filter(({ verdict }) => verdict === "differs")).toEqual([]);
    expect(results.checks.length).toBeGreaterThan(100);
    expect(existsSync(join(directory, "index.html"))).toBe(true);
  });

  test.each([
    [["cs231n", "scales"], "cs231n has no part 'scales'; did you mean scale?"],
    [["cs231n", "--seed", "-1"], "--seed"],
    [["cs231n", "--seed", "4294967296"], "--seed must be below 2^32"],
    [["cs231n", "--nonsense"], "--nonsense"],
  ])("%j is refused in one line", async (argv, message) => {
    const { code, out, error } = await wengert(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain(message);
    expect(error.trim()).not.toContain("\n");
  });

  test("a folder without CIFAR-10 is one clear line", async () => {
    const { code, error } = await wengert("cs231n", "train", "--data", directory, "--out", directory);
    expect(code).toBe(1);
    expect(error).toContain("data_batch_1.bin");
    expect(error.trim()).not.toContain("\n");
  });
});
