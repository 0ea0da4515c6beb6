/**
 * `npm run bench:scale`: how time grows, with the size of arrays and with the length of a tape. What should be in
 * proportion has exponent 1; a copy or a search too many shows as 2.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../../src/certify/table.ts";
import { foreseen, growthOf } from "./logic/growth.ts";
import { significant } from "./logic/tables.ts";
import { machine } from "./running/machine.ts";
import { ROOT } from "./running/root.ts";
import { byElements } from "./scale/byElements.ts";
import { byNodes } from "./scale/byNodes.ts";
import type { Subject } from "./scale/subject.ts";

interface Curve {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly microseconds: readonly number[];
  /** The sizes that would have taken too long. */
  readonly leftOut: readonly number[];
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "0.2" },
    limit: { type: "string", default: "20" },
    json: { type: "string", default: `${ROOT}dist/test/bench/results/bench-scale.json` },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`npm run bench:scale -- [options]

  --seconds 0.2   how long each point is measured
  --limit 20      seconds: a single run that is foreseen to take longer is left out
  --json FILE     where the figures go: dist/test/bench/results/bench-scale.json unless given`);
} else {
  const sections = [
    {
      title: "Batch norm, forward and backward, float64, by elements of x (100 columns)",
      subjects: byElements,
    },
    { title: "A chain and a tree of ops on 8 float64 numbers, by nodes", subjects: byNodes },
  ].map(({ title, subjects }) => ({ title, curves: subjects.map(curveOf) }));
  for (const { title, curves } of sections) console.log(`${title}\n\n${printed(curves)}\n`);
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify({ machine: machine(), sections }, null, 2)}\n`);
  console.log(`written: ${values.json}`);
}

function curveOf({ name, sizes, at }: Subject): Curve {
  console.error(name);
  const done: number[] = [];
  const seconds: number[] = [];
  for (const size of sizes) {
    if (done.length > 0 && foreseen(done, seconds, size) > Number(values.limit)) break;
    done.push(size);
    seconds.push(quickest(at(size), Number(values.seconds)));
  }
  return {
    name,
    sizes: done,
    microseconds: seconds.map((s) => 1e6 * s),
    leftOut: sizes.slice(done.length),
  };
}

/** The least of several: growth is asked for, and all that disturbs adds to it. At least two runs, a first apart. */
function quickest(run: () => void, seconds: number): number {
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + 1000 * seconds;
  for (let k = 0; k < 2 || performance.now() < end; k++) {
    const start = performance.now();
    run();
    const took = (performance.now() - start) / 1000;
    if (took > 0) least = Math.min(least, took);
    if (took > seconds * 10) break;
  }
  return least;
}

function printed(curves: readonly Curve[]): string {
  const sizes = [...new Set(curves.flatMap((curve) => [...curve.sizes, ...curve.leftOut]))].sort(
    (a, b) => a - b,
  );
  const rows = curves.map((curve) => {
    const { exponent, last } =
      curve.sizes.length < 2
        ? { exponent: Number.NaN, last: Number.NaN }
        : growthOf(curve.sizes, curve.microseconds);
    const cells = sizes.map((size) => {
      const k = curve.sizes.indexOf(size);
      return k < 0 ? (curve.leftOut.includes(size) ? "left out" : "") : significant(curve.microseconds[k]!);
    });
    return [curve.name, ...cells, exponent.toFixed(2), last.toFixed(2)];
  });
  return table(["microseconds", ...sizes.map(String), "exponent", "last"], rows);
}
