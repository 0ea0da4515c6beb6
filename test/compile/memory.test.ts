/** What compiled functions take of memory, and give back. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { Arena, setArenaLimit } from "../../src/compile/arena.ts";
import {
  add,
  compile,
  flip,
  fromData,
  MemoryError,
  mul,
  ones,
  sum,
  type Tensor,
  tensor,
  transpose,
} from "../../src/index.ts";

afterEach(() => setArenaLimit(null));

describe("a memory that cannot grow", () => {
  test("is an error with the size asked for; what there was stays and works", () => {
    setArenaLimit(2 ** 20);
    const small = compile((t: Tensor) => mul(t, 2));
    const resident = compile((t: Tensor) => add(t, 1), { donate: [0] });
    const before = small(ones([1000]));
    const state = resident(ones([1000]));
    const large = compile((t: Tensor) => [mul(t, 2), add(t, 1)]);
    expect(() => large(ones([200_000]))).toThrow(MemoryError);
    // Two results and an input of 1.6 MB each.
    expect(() => large(ones([200_000]))).toThrow(/4\.6 MiB, beside 0\.0 MiB in use/);
    expect(() => large(ones([200_000]))).toThrow("use smaller batches, or run it without compile");
    expect(large.stats()).toMatchObject({ calls: 0, traces: 0, bytes: 0 });
    expect([before.data[999], small(ones([1000])).data[999]]).toEqual([2, 2]);
    expect([state.data[999], resident(state).data[999]]).toEqual([2, 3]);
    expect((large(ones([1000])) as Tensor[]).map((t) => t.data[0])).toEqual([2, 2]);
  });

  test("because the engine has none", () => {
    const arena = new Arena();
    const grow = arena.memory.grow.bind(arena.memory);
    Object.assign(arena.memory, {
      grow() {
        throw new RangeError("WebAssembly.Memory.grow(): Maximum memory size exceeded");
      },
    });
    const region = arena.reserve("compile", 1000);
    expect(() => arena.reserve("compile", 3 * 2 ** 20)).toThrow(/3\.0 MiB/);
    expect(arena.used).toBe(region.bytes);
    Object.assign(arena.memory, { grow });
    expect(arena.reserve("compile", 3 * 2 ** 20).bytes).toBe(3 * 2 ** 20);
  });
});

describe("a memory that ends where the numbers do", () => {
  const walks: Readonly<Record<string, (t: Tensor) => Tensor>> = {
    turned: (t) => add(transpose(t), 1),
    "turned and backwards": (t) => add(transpose(flip(t, 0)), 1),
    "all backwards": (t) => sum(transpose(flip(t)), 1),
  };
  test.each(Object.entries(walks))("%s: nothing beyond is read", (_, f) => {
    for (const rows of [1, 2, 3, 5, 7]) {
      for (const columns of [3, 16, 333, 2000, 5461]) {
        setArenaLimit(2 ** 30);
        const data = Float64Array.from({ length: rows * columns }, (_, i) => i % 17);
        const x = fromData([rows, columns], "float64", data);
        expect(compile(f)(x).data).toEqual(f(x).data);
      }
    }
  });
});

describe("regions", () => {
  test("do not overlap, are given back, and are joined again", () => {
    const arena = new Arena(2 ** 22);
    const regions = Array.from({ length: 50 }, (_, k) => arena.reserve("compile", 100 + 37 * k));
    const sorted = [...regions].sort((a, b) => a.address - b.address);
    sorted.forEach(({ address, bytes }, k) => {
      expect(address % 64).toBe(0);
      expect(address + bytes).toBeLessThanOrEqual(sorted[k + 1]?.address ?? arena.memory.buffer.byteLength);
    });
    const all = arena.used;
    for (const region of regions.filter((_, k) => k % 2 === 0)) arena.release(region);
    const again = arena.reserve("compile", 100);
    expect(regions.some(({ address }, k) => k % 2 === 0 && address === again.address)).toBe(true);
    for (const region of [again, ...regions.filter((_, k) => k % 2 === 1)]) arena.release(region);
    expect(arena.used).toBe(0);
    const whole = arena.reserve("compile", all);
    expect(whole.address).toBe(sorted[0]!.address);
  });

  test("growing moves nothing: functions that were there before go on", () => {
    setArenaLimit(2 ** 26);
    const f = compile((t: Tensor) => sum(mul(t, t)));
    const x = tensor(Array.from({ length: 300 }, (_, i) => i));
    expect(f(x).item()).toBe(8955050);
    compile((t: Tensor) => mul(t, 2))(ones([500_000]));
    expect(f(x).item()).toBe(8955050);
    expect(f(add(x, 1)).item()).toBe(8955050 + 2 * 44850 + 300);
  });
});

test("10,000 synchronous steps at a flat resident size; forgotten functions give their memory back", () => {
  const program = fileURLToPath(new URL("residentSize.mjs", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--expose-gc", program], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const { kept, donated, forgotten } = JSON.parse(stdout);
  for (const { early, late, loss } of [kept, donated]) {
    // A step's parameters take 31 kB: of 8,000 steps these would be 250 MB.
    expect(late.used - early.used).toBeLessThan(1e6);
    // The engine's own heap moves this by some 16 MB at a time, and by what it has not yet collected.
    expect(late.rss - early.rss).toBeLessThan(2 ** 26);
    expect(loss).toBeLessThan(1);
  }
  // 20 functions with 16 kB and more each, some of which may be gone already before the rest is.
  for (const [most, left] of forgotten as [number, number][]) {
    expect(most).toBeGreaterThan(10 * 16_000);
    expect(left).toBeLessThan(5 * 16_000);
  }
});
