import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { numpyRandom } from "../../src/index.ts";
import { training } from "../../src/train/index.ts";
import { momentumSgd, network, points } from "./fixture/network.ts";

test("3000 steps keep no more than their losses", { timeout: 300_000 }, () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const source = numpyRandom(231);
  const data = points(source, 200);
  const options = { optimizer: momentumSgd(0.01), random: source, batchSize: 20, epochs: 300 };
  const run = training(network(source), data, options);
  let before = 0;
  for (const { iteration } of run) if (iteration === 500) before = used();
  expect(run.iteration).toBe(3000);
  // One tape is about 100 kB: were every tenth kept, it would be 25 MB.
  expect(used() - before).toBeLessThan(4e6);
});
