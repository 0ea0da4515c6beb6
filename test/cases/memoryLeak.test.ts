/** Kind memory_leak: nothing is disposed of by hand, and nothing stays. Counted in a process of its own. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { caseOf } from "../support/fixtures.ts";

/** What is alive at one time. */
interface Alive {
  readonly tensors: number;
  readonly bytes: number;
}

type Work = "accumulating" | "discarding" | "saving" | "clipping" | "calling";

const ofKind = (id: string): Readonly<Record<string, unknown>> => caseOf("memory_leak", id).input;
const program = fileURLToPath(new URL("liveTensors.mjs", import.meta.url));
const sizes = {
  epochs: Number(ofKind("BR-160")["epochs"]),
  samples: Number(ofKind("BR-160")["samples"]),
  saves: Number(ofKind("BR-163")["saves"]),
  steps: 100,
  calls: 10_000,
};

let counted: Readonly<Record<Work, readonly Alive[]>>;

beforeAll(() => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--expose-gc", program, JSON.stringify(sizes)],
    { encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  counted = JSON.parse(stdout);
}, 120_000);

describe("memory_leak", () => {
  // Generous: what a run of the engine's own moves it by is a fifth of it.
  const SLACK = 1e6;

  test.each<[id: string, what: string, Work]>([
    ["BR-160", "gradients of samples, added up by hand: no tensor more after any epoch", "accumulating"],
    ["BR-162", "optimisers that are forgotten leave nothing behind", "discarding"],
    ["BR-163", "nor does a state that is saved ten times", "saving"],
    ["BR-164", "maximum in a loss: as much after step 100 as after step 1", "clipping"],
    ["", "10,000 gradients one after the other, with no pause", "calling"],
  ])("%s %s", (_id, _what, work) => {
    const [first, ...later] = counted[work];
    expect(first!.tensors).toBeGreaterThan(0);
    expect(later.length).toBeGreaterThan(0);
    for (const alive of later) {
      // Fewer is no leak: what the engine's own optimised code held at the first count, it may have let go since.
      expect(alive.tensors).toBeGreaterThan(0);
      expect(alive.tensors).toBeLessThanOrEqual(first!.tensors);
      expect(alive.bytes).toBeGreaterThan(0);
      expect(alive.bytes - first!.bytes).toBeLessThan(SLACK);
    }
  });

  test("BR-160: two parameters survive, and the samples", () => {
    // The other loop holds two tensors, x and w. Beside them is what the library itself keeps.
    const fixed = counted.clipping.at(-1)!.tensors - 2;
    expect(counted.accumulating.at(-1)!.tensors).toBe(fixed + 2 + sizes.samples);
  });
});
