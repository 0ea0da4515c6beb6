import { describe, expect, test } from "vitest";
import {
  choose,
  encodeModule,
  f32,
  f32x4,
  f64,
  f64x2,
  func,
  i32,
  i32x4,
  i64,
  i64x2,
  type Value,
  type ValueType,
  v128,
} from "../../ops/kernels/wasm/encoder/index.ts";
import { functionTexts } from "./witness.ts";

/** An instruction as we encode it, and what the specification's text format calls it. */
type Row = readonly [Value<ValueType>, string];

/** ltS as lt_s. */
function spelt(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function each<N extends string>(
  names: readonly N[],
  kind: string,
  make: (name: N) => Value<ValueType>,
): Row[] {
  return names.map((name) => [make(name), `${kind}.${spelt(name)}`]);
}

const address = i32.const(16);
const [n, l, s, d] = [i32.load(address), i64.load(address), f32.load(address), f64.load(address)];
const [S, D, N, L] = [f32x4.load(address), f64x2.load(address), i32x4.load(address), i64x2.load(address)];

const INTEGER = [
  "add",
  "sub",
  "mul",
  "divS",
  "divU",
  "remS",
  "remU",
  "and",
  "or",
  "xor",
  "shl",
  "shrS",
] as const;
const INTEGER_TESTS = ["eq", "ne", "ltS", "ltU", "gtS", "gtU", "leS", "leU", "geS", "geU"] as const;
const INTEGERS = [...INTEGER, "shrU", ...INTEGER_TESTS] as const;
const FLOAT_ONE = ["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"] as const;
const FLOAT_TESTS = ["eq", "ne", "lt", "gt", "le", "ge"] as const;
const FLOAT_TWO = ["add", "sub", "mul", "div", "min", "max", ...FLOAT_TESTS] as const;
const LANE_TESTS = ["eq", "ne", "ltS", "gtS", "leS", "geS"] as const;

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  "single integers": [
    ...each(INTEGERS, "i32", (name) => i32[name](n, n)),
    ...each(INTEGERS, "i64", (name) => i64[name](l, l)),
    [i32.eqz(n), "i32.eqz"],
    [i64.eqz(l), "i64.eqz"],
    [i32.load8U(address), "i32.load8_u"],
    [i32.fromI64(l), "i32.wrap_i64"],
    [i32.fromF32(s), "i32.trunc_sat_f32_s"],
    [i32.fromF64(d), "i32.trunc_sat_f64_s"],
    [i32.bitsOf(s), "i32.reinterpret_f32"],
    [i64.fromI32S(n), "i64.extend_i32_s"],
    [i64.fromI32U(n), "i64.extend_i32_u"],
    [i64.fromF64(d), "i64.trunc_sat_f64_s"],
    [i64.bitsOf(d), "i64.reinterpret_f64"],
  ],
  "single floats": [
    ...each(FLOAT_ONE, "f32", (name) => f32[name](s)),
    ...each(FLOAT_ONE, "f64", (name) => f64[name](d)),
    ...each([...FLOAT_TWO, "copysign"], "f32", (name) => f32[name](s, s)),
    ...each([...FLOAT_TWO, "copysign"], "f64", (name) => f64[name](d, d)),
    [f32.fromF64(d), "f32.demote_f64"],
    [f32.fromI32S(n), "f32.convert_i32_s"],
    [f32.ofBits(n), "f32.reinterpret_i32"],
    [f64.fromF32(s), "f64.promote_f32"],
    [f64.fromI32S(n), "f64.convert_i32_s"],
    [f64.fromI64S(l), "f64.convert_i64_s"],
    [f64.ofBits(l), "f64.reinterpret_i64"],
    [choose(n, d, d), "select"],
  ],
  "vectors of floats": [
    ...each(FLOAT_ONE, "f32x4", (name) => f32x4[name](S)),
    ...each(FLOAT_ONE, "f64x2", (name) => f64x2[name](D)),
    ...each([...FLOAT_TWO, "pmin", "pmax"], "f32x4", (name) => f32x4[name](S, S)),
    ...each([...FLOAT_TWO, "pmin", "pmax"], "f64x2", (name) => f64x2[name](D, D)),
    ...each(["relaxedMadd", "relaxedNmadd"], "f32x4", (name) => f32x4[name](S, S, S)),
    ...each(["relaxedMadd", "relaxedNmadd"], "f64x2", (name) => f64x2[name](D, D, D)),
    [f32x4.splat(s), "f32x4.splat"],
    [f64x2.splat(d), "f64x2.splat"],
    [f32x4.lane(S, 3), "f32x4.extract_lane 3"],
    [f64x2.lane(D, 1), "f64x2.extract_lane 1"],
    [f32x4.withLane(S, 2, s), "f32x4.replace_lane 2"],
    [f64x2.withLane(D, 1, d), "f64x2.replace_lane 1"],
    [f32x4.fromI32x4S(N), "f32x4.convert_i32x4_s"],
    [f32x4.fromF64x2(D), "f32x4.demote_f64x2_zero"],
    [f64x2.fromF32x4(S), "f64x2.promote_low_f32x4"],
    [f64x2.fromI32x4S(N), "f64x2.convert_low_i32x4_s"],
    [f32x4.loadSplat(address), "v128.load32_splat"],
    [f64x2.loadSplat(address), "v128.load64_splat"],
    [f32x4.shuffle(S, S, [0, 5, 2, 7]), "i8x16.shuffle 0 1 2 3 20 21 22 23 8 9 10 11 28 29 30 31"],
    [f64x2.shuffle(D, D, [1, 2]), "i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23"],
    [f32x4.const(1, -0, 0.5, 0), "v128.const i32x4 0x3f800000 0x80000000 0x3f000000 0x00000000"],
    [f64x2.const(1, -2), "v128.const i32x4 0x00000000 0x3ff00000 0x00000000 0xc0000000"],
  ],
  "vectors of integers": [
    ...each(["abs", "neg", "allTrue", "bitmask"], "i32x4", (name) => i32x4[name](N)),
    ...each(["abs", "neg", "allTrue", "bitmask"], "i64x2", (name) => i64x2[name](L)),
    ...each(["shl", "shrS", "shrU"], "i32x4", (name) => i32x4[name](N, n)),
    ...each(["shl", "shrS", "shrU"], "i64x2", (name) => i64x2[name](L, n)),
    ...each(["add", "sub", "mul", "minS", "maxS", ...LANE_TESTS], "i32x4", (name) => i32x4[name](N, N)),
    ...each(["add", "sub", "mul", ...LANE_TESTS], "i64x2", (name) => i64x2[name](L, L)),
    [i32x4.splat(n), "i32x4.splat"],
    [i64x2.splat(l), "i64x2.splat"],
    [i32x4.lane(N, 1), "i32x4.extract_lane 1"],
    [i64x2.lane(L, 0), "i64x2.extract_lane 0"],
    [i32x4.withLane(N, 0, n), "i32x4.replace_lane 0"],
    [i64x2.withLane(L, 1, l), "i64x2.replace_lane 1"],
    [i32x4.fromF32x4(S), "i32x4.trunc_sat_f32x4_s"],
    [i32x4.fromF64x2(D), "i32x4.trunc_sat_f64x2_s_zero"],
    [i64x2.fromLowI32x4S(N), "i64x2.extend_low_i32x4_s"],
    [i64x2.fromHighI32x4S(N), "i64x2.extend_high_i32x4_s"],
    [i32x4.const(-1, 0, 1, 2), "v128.const i32x4 0xffffffff 0x00000000 0x00000001 0x00000002"],
    [i64x2.const(-1, 2), "v128.const i32x4 0xffffffff 0xffffffff 0x00000002 0x00000000"],
  ],
  bits: [
    ...each(["and", "or", "xor"], "v128", (name) => v128[name](S, S)),
    [v128.andNot(S, S), "v128.andnot"],
    [v128.not(D), "v128.not"],
    [v128.select(S, S, N), "v128.bitselect"],
    [v128.anyTrue(L), "v128.any_true"],
  ],
};

describe.each(Object.entries(ROWS))("%s", (_, rows) => {
  const functions = rows.map(([value], i) =>
    func(`f${i}`, ["i32"], (body, at) => {
      body.store(at, value);
    }),
  );
  const texts = functionTexts(encodeModule(functions));

  test.each(rows.map(([, name], i) => [name, texts[i]!] as const))("%s", (name, text) => {
    expect(text.split("\n").map((line) => line.trim())).toContain(name);
  });
});

test("operands of the wrong kind do not compile", () => {
  const wrong = (): void => {
    // @ts-expect-error an i32 is no f64
    f64.add(n, d);
    // @ts-expect-error the lanes differ, although both are a v128
    f32x4.add(S, D);
    // @ts-expect-error a comparison gives a mask
    f32x4.add(S, f32x4.lt(S, S));
    // @ts-expect-error an address is an i32
    f64.load(d);
    // @ts-expect-error a branch asks for an i32
    choose(d, n, n);
    // @ts-expect-error a lane of f64x2 is an f64
    f32.add(f64x2.lane(D, 0), s);
    // @ts-expect-error a choice is between two of a kind
    choose(n, n, d);
    // @ts-expect-error the bits of unlike lanes are first read as those of like ones
    v128.and(S, N);
    func("f", ["f64"], (body, x) => {
      // @ts-expect-error a parameter has the type that it was declared with
      body.set(x, s);
      // @ts-expect-error a vector cannot go to JavaScript
      body.result(D);
    });
  };
  expect(wrong).toBeTypeOf("function");
});

test("the same bits, read otherwise, are no instruction", () => {
  expect(f32x4.ofBits(N).code).toBe(N.code);
});

test.each<[string, () => unknown]>([
  ["a lane too many", () => f32x4.lane(S, 4)],
  ["a negative lane", () => f64x2.withLane(D, -1, d)],
  ["a shuffle of too few lanes", () => f32x4.shuffle(S, S, [0, 1])],
  ["a shuffle of what neither has", () => f64x2.shuffle(D, D, [0, 4])],
  ["a constant of too many lanes", () => f64x2.const(1, 2, 3)],
])("refused: %s", (_, call) => {
  expect(call).toThrow(RangeError);
});
