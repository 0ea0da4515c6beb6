/**
 * NaN, infinities, zeros of either sign and subnormals, through every op that is exact: bit for bit what they are
 * eagerly, where sums are not reassociated.
 *
 * With `reassociate`, which is the default, only what is finite is promised, up to rounding: a zero may turn its sign,
 * and where something overflows or is no number anything may come of it (see the rules' own `values`).
 */
import { describe, expect, test } from "vitest";
import * as ops from "../../ops/index.ts";
import {
  abs,
  add,
  argmax,
  cast,
  ceil,
  clamp,
  compile,
  cumsum,
  div,
  equal,
  exceeds,
  flip,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalNot,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  notEqual,
  reciprocal,
  relu,
  reshape,
  round,
  scale,
  sign,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  trunc,
  vjp,
  where,
} from "../../src/index.ts";
import { firstChange } from "../laws/numbers.ts";

/** Of both dtypes; the last ones are subnormal, the one before the least normal. */
const SPECIAL: Readonly<Record<"float64" | "float32", readonly number[]>> = {
  float64: [
    ...[0, 1, 2.5, 0.5, 1.5, 7, Number.MAX_VALUE, Number.POSITIVE_INFINITY],
    ...[2.2250738585072014e-308, 5e-324, 1e-310, 2 ** 53 + 2, 2 ** 52 - 0.5, 0.49999999999999994],
  ],
  float32: [
    ...[0, 1, 2.5, 0.5, 1.5, 7, 3.4028234663852886e38, Number.POSITIVE_INFINITY],
    ...[1.1754943508222875e-38, 1.401298464324817e-45, 1e-40, 2 ** 24 + 2, 8388607.5, 0.4999999701976776],
  ],
};

const UNARY: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  neg,
  abs,
  relu,
  sign,
  square,
  sqrt,
  reciprocal,
  floor,
  ceil,
  round,
  trunc,
  isNaN: ops.isNaN,
  isFinite: ops.isFinite,
  exceeds: (x) => exceeds(x, 1),
  clamp: (x) => clamp(x, { min: -1, max: 2 }),
  "to the other float and back": (x) => cast(cast(x, x.dtype === "float64" ? "float32" : "float64"), x.dtype),
  "to bool and back": (x) => cast(cast(x, "bool"), x.dtype),
  not: (x) => logicalNot(greater(x, 0)),
  "x + 0": (x) => add(x, 0),
  "x - 0": (x) => sub(x, 0),
  "x · 0": (x) => mul(x, 0),
  "x · 1": (x) => mul(x, 1),
  "x · -1": (x) => mul(x, -1),
  "x · 0 or x · -0": (x) => where(greater(x, 0), mul(x, 0), mul(x, -0)),
  "x / 1": (x) => div(x, 1),
  "0 - x": (x) => sub(0, x),
  "x - x": (x) => sub(x, x),
  "x / x": (x) => div(x, x),
  "-(-x)": (x) => neg(neg(x)),
  "x as it is, turned about": (x) => flip(x),
  "max of it": (x) => max(x),
  "min of it": (x) => min(x),
  "argmax of it": (x) => argmax(x, 0),
  "running sum": (x) => cumsum(x, 0),
  "sum of one": (x) => sum(reshape(x, [x.size, 1]), 1),
  "mean of one": (x) => mean(reshape(x, [x.size, 1]), 1),
  "max of one": (x) => max(reshape(x, [x.size, 1]), 1),
  "sum of two": (x) => sum(reshape(slice(x, [[0, 28]]), [14, 2]), 1),
  "every other": (x) => slice(x, [[1, null, 2]]),
};

const BINARY: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  add,
  sub,
  mul,
  div,
  scale,
  maximum,
  minimum,
  equal,
  notEqual,
  less,
  lessEqual,
  greater,
  greaterEqual,
  where: (x, y) => where(greater(x, y), x, y),
  "where x is not 0": (x, y) => where(notEqual(x, 0), y, neg(y)),
  "largest in rows": (x, y) => max(add(x, y), 1),
  "smallest in columns": (x, y) => min(sub(x, y), 0),
  transposed: (x, y) => transpose(mul(x, y)),
};

describe.each(["float64", "float32"] as const)("in %s, to the bit", (dtype) => {
  const values = [...SPECIAL[dtype].flatMap((v) => [v, -v]), Number.NaN];
  const line = tensor(values, { dtype });
  const column = reshape(line, [line.size, 1]);
  const options = { reassociate: false };

  test.each(Object.entries(UNARY))("%s", (_, f) => {
    expect(firstChange(compile(f, options)(line), f(line))).toBeNull();
    // One by one: no vector is full then.
    for (const v of values) {
      const one = tensor([v, v, v], { dtype });
      const g = (t: Tensor): Tensor => abs(cast(f(t), dtype));
      if (f(line).size >= line.size) expect(firstChange(compile(g, options)(one), g(one))).toBeNull();
    }
  });

  test.each(Object.entries(BINARY))("%s, of each with each", (_, f) => {
    expect(firstChange(compile(f, options)(line, column), f(line, column))).toBeNull();
    expect(firstChange(compile(f, options)(column, line), f(column, line))).toBeNull();
  });

  test("products of differentials are 0 where one is, whatever the other is", () => {
    const f = (x: Tensor, yBar: Tensor): Tensor => vjp((t: Tensor) => sqrt(t), x)[1](yBar)[0];
    const zeros = mul(line, 0);
    const clean = where(ops.isNaN(zeros), 0, zeros);
    for (const yBar of [clean, line]) {
      expect(firstChange(compile(f, options)(line, yBar), f(line, yBar))).toBeNull();
    }
  });
});
