import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Child } from "../bench/running/child.ts";
import { optionsOf } from "../bench/running/options.ts";
import { ROOT } from "../bench/running/root.ts";
import { sampled } from "../bench/running/sampler.ts";
import { MARK } from "../bench/running/task.ts";

describe("sampled", () => {
  it("counts synchronous runs and awaits others", async () => {
    let runs = 0;
    const samples = await sampled(() => runs++, false, 0.05);
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.every((s) => s > 0)).toBe(true);
    let open = 0;
    let most = 0;
    const slow = async (): Promise<void> => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
    };
    expect((await sampled(slow, true, 0.05)).length).toBeGreaterThan(0);
    expect(most).toBe(1);
  });
});

describe("a process", () => {
  const speaking = (body: string): Child => new Child({ file: process.execPath, args: ["-e", body] });

  it("answers, whatever else it prints", async () => {
    const child = speaking(`console.log("banner"); process.stdin.on("data", () => {
      console.log("noise"); console.log('${MARK}{"ok":true,"versions":{"a":"1"}}'); });`);
    expect(await child.ask({ do: "hello" }, 60)).toEqual({ ok: true, versions: { a: "1" } });
    expect(await child.ask({ do: "hello" }, 60)).toEqual({ ok: true, versions: { a: "1" } });
    child.end();
  });

  it("that dies is a failure with its last words, and is begun anew", async () => {
    const child = speaking(
      `process.stdin.on("data", () => { console.error("out of luck"); process.exit(3); });`,
    );
    for (let k = 0; k < 2; k++) {
      expect(await child.ask({ do: "free" }, 60)).toEqual({ ok: false, kind: "failed", why: "out of luck" });
    }
  });

  it("that cannot be begun is a failure too", async () => {
    const refused = await new Child({ file: join(ROOT, "nobody"), args: [] }).ask({ do: "hello" }, 60);
    expect(refused).toMatchObject({ ok: false, kind: "failed" });
  });
});

describe("options", () => {
  const names = ["wengert", "by-hand"];
  const of = (...args: string[]) => optionsOf("bench", names, args);

  it("are chosen in the order of the tables", () => {
    const options = of(
      "--only",
      "w2,W1",
      "--size",
      "4x5,8x2",
      "--system",
      "by-hand,wengert",
      "--rounds",
      "2",
    );
    expect(options).toMatchObject({
      workloads: ["W1", "W2"],
      sizes: ["4x5", "8x2"],
      systems: names,
      dtypes: ["float32", "float64"],
      rounds: 2,
    });
    expect(of("--out", "o")).toMatchObject({ out: "o", json: "o/bench.json" });
  });

  it.each([
    [["--only", "W9"], "--only: expected some of W1"],
    [["--system", "nobody"], "--system: expected some of wengert, by-hand, got nobody"],
    [["--size", "4by5"], "--size: expected ROWSxCOLUMNS"],
    [["--size", "1x5"], "two rows or more"],
    [["--rounds", "0"], "--rounds: expected a positive number, got 0"],
    [["--dtype", "int32"], "--dtype: expected some of float32, float64"],
  ])("refuse %j", (args, message) => {
    expect(() => of(...args)).toThrow(message);
  });

  it("refuse what they do not know", () => {
    expect(() => of("--round", "2")).toThrow("--round");
  });
});
