/** Random walks over arrays, compiled: to the bit what they are eagerly. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { setArenaLimit } from "../../src/compile/arena.ts";
import { type CompileOptions, compile, type Inputs, type Tensor } from "../../src/index.ts";
import { first, firstChange } from "../laws/numbers.ts";
import { disassembled } from "../wasm/witness.ts";
import { arbitrarySweep, type RandomSweep } from "./randomSweep.ts";

const SEED = 1964;

type Property = (sweep: RandomSweep) => string | null;

function check(numRuns: number, seed: number, property: Property): void {
  fc.assert(
    fc.property(arbitrarySweep, (sweep) => {
      const found = property(sweep);
      if (found !== null) throw new Error(`${found}; program ${sweep.seed}:\n${sweep.steps.join("\n")}`);
    }),
    { numRuns, seed },
  );
}

function compiledOf({ f }: RandomSweep, options: CompileOptions): (...x: Inputs) => Inputs {
  return compile((...t: Inputs) => f(...t), options);
}

/** As numbers where sums are reassociated, which may turn a zero's sign; else every bit. */
function firstOther(actual: Inputs, expected: Inputs, isEveryBit: boolean): string | null {
  return first(expected, (y, k) => {
    const z = actual[k]!;
    if (`${z.dtype}[${z.shape}]` !== `${y.dtype}[${y.shape}]`) return `${z} for ${y}`;
    const found = firstChange(isEveryBit ? z : unsigned(z), isEveryBit ? y : unsigned(y));
    return found === null ? null : `result ${k}: ${found}`;
  });
}

function unsigned({ shape, dtype, data }: Tensor): {
  shape: Tensor["shape"];
  dtype: Tensor["dtype"];
  data: Float64Array;
} {
  return { shape, dtype, data: Float64Array.from(data, (v) => v + 0) };
}

/** The second call is without tracing, with its inputs where they are already. */
function difference(sweep: RandomSweep, reassociate: boolean): string | null {
  const expected = sweep.f(...sweep.x);
  const compiled = compiledOf(sweep, { reassociate });
  return first([1, 2], (which) => {
    const found = firstOther(compiled(...sweep.x), expected, !reassociate);
    return found === null ? null : `call ${which}, ${found}`;
  });
}

describe("random walks over arrays", () => {
  test.each([false, true])("700, where sums may be reassociated: %s", (reassociate) => {
    check(700, SEED + Number(reassociate), (sweep) => difference(sweep, reassociate));
  });

  test("200 in a memory that ends where they do", () => {
    try {
      check(200, SEED, (sweep) => {
        setArenaLimit(2 ** 30);
        return difference(sweep, sweep.seed % 2 === 0);
      });
    } finally {
      setArenaLimit(null);
    }
  });

  test("300 that may write over their inputs, fed with what they gave", () => {
    check(300, SEED, (sweep) => {
      const { f, x, seed } = sweep;
      const donate = [...x.keys()].filter((k) => ((seed >> k) & 1) === 0);
      const compiled = compiledOf(sweep, { donate, reassociate: false });
      // Results that are like an input go in there next time.
      const next = (y: Inputs): Inputs =>
        x.map(
          (t, k) => y.find((z, j) => j >= k % y.length && isLike(z, t)) ?? y.find((z) => isLike(z, t)) ?? t,
        );
      const expected = [f(...x)];
      while (expected.length < 4) expected.push(f(...next(expected[expected.length - 1]!)));
      let given: Inputs = x;
      return first(expected, (y, which) => {
        const actual = compiled(...given);
        // Nobody reads those of the third call, so that they stay where they are.
        const found = which === 2 ? null : firstOther(actual, y, true);
        given = next(actual);
        return found === null ? null : `call ${which}, ${found}`;
      });
    });
  });

  test("the modules of 100 are valid to another implementation", () => {
    const modules: Uint8Array[] = [];
    class Recording extends WebAssembly.Module {
      constructor(bytes: BufferSource) {
        modules.push(new Uint8Array(bytes as ArrayBuffer));
        super(bytes);
      }
    }
    const { Instance, Memory, validate } = WebAssembly;
    vi.stubGlobal("WebAssembly", { Instance, Memory, validate, Module: Recording });
    try {
      check(100, SEED, (sweep) => difference(sweep, true));
    } finally {
      vi.unstubAllGlobals();
    }
    expect(modules.length).toBeGreaterThan(50);
    for (const bytes of modules) expect(disassembled(bytes)).toContain("(module");
  });
});

function isLike(a: Tensor, b: Tensor): boolean {
  return a.dtype === b.dtype && `${a.shape}` === `${b.shape}`;
}
