import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { expectedOf, inputsOf } from "../bench/cases.ts";
import { Child } from "../bench/running/child.ts";
import type { Contestant } from "../bench/running/contestants.ts";
import { writeResults } from "../bench/running/inputs.ts";
import { type Options, optionsOf } from "../bench/running/options.ts";
import { race } from "../bench/running/race.ts";
import { MARK } from "../bench/running/task.ts";

const folder = mkdtempSync(join(tmpdir(), "wengert-race-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const right = join(folder, "right");
const { reference } = await expectedOf(inputsOf("W1", "6x3", "float64"));
const results = writeResults(reference, right);

/** A process that has its results from a file, and its times from `times`, a turn each. */
function contestant(name: string, onPrepare: string, times: readonly number[] = [3, 1, 2]): Contestant {
  const body = `
    const { copyFileSync, readFileSync, writeFileSync } = require("node:fs");
    const times = ${JSON.stringify(times)};
    const hand = (file) => copyFileSync(${JSON.stringify(right)}, file);
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const request = JSON.parse(line);
      const answer = {
        hello: () => ({ versions: { ${JSON.stringify(name)}: "1" } }),
        prepare: () => { const file = request.task.results; ${onPrepare}
          return { firstMs: 5, results: ${JSON.stringify(results)} }; },
        run: () => ({ samples: [times.shift() * 1e-6] }),
        free: () => ({ megabytes: 64 }),
      }[request.do]();
      console.log("${MARK}" + JSON.stringify({ ok: true, ...answer }));
    });`;
  return { name, start: () => new Child({ file: process.execPath, args: ["-e", body] }) };
}

function options(...args: string[]): Options {
  const all = optionsOf(
    "bench",
    ["wengert"],
    ["--only", "W1", "--size", "6x3", "--dtype", "float64", ...args],
  );
  if (all === null) throw new Error("help was not asked for");
  return all;
}

describe("race", () => {
  it("times what is right, leaves out what differs or dies, and goes on", async () => {
    const wrong = `hand(file); const b = readFileSync(file); b.writeDoubleLE(b.readDoubleLE(8) + 1e-6, 8); writeFileSync(file, b);`;
    const said: string[] = [];
    const found = await race(
      [
        contestant("right", "hand(file);", [100, 3, 1, 2]),
        contestant("wrong", wrong),
        contestant("dead", "process.exit(1);"),
      ],
      options("--rounds", "3"),
      (line) => said.push(line),
    );
    expect(found.measurements).toHaveLength(1);
    // The first turn warms up: of 3, 1, 2 the median is 2, the quartiles 1.5 and 2.5.
    const { system, us, firstMs } = found.measurements[0]!;
    expect([system, firstMs]).toEqual(["right", 5]);
    expect(us.median).toBeCloseTo(2, 9);
    expect(us.low).toBeCloseTo(1.5, 9);
    expect(us.high).toBeCloseTo(2.5, 9);
    expect(found.absences.map(({ system, kind }) => [system, kind])).toEqual([
      ["wrong", "differs"],
      ["dead", "failed"],
    ]);
    expect(found.absences[0]!.why).toContain("dx is ");
    expect(found.absences[1]!.why).toContain("code 1");
    expect(found.peaks.map(({ system, megabytes }) => [system, megabytes])).toEqual([["right", 64]]);
    expect(found.versions).toEqual({ right: "1", wrong: "1", dead: "1" });
    expect(said[0]).toBe("W1 float64 6x3");
  });
});
