import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AxisError,
  broadcastShapes,
  checkedShape,
  normalizeAxes,
  normalizeAxis,
  reducedShape,
  type Shape,
  ShapeError,
  sameShape,
  sizeOf,
  stretchedAxes,
  stretchesTo,
  stridesOf,
} from "../graph/index.ts";

const size = fc.nat(4);
const shape = fc.array(size, { maxLength: 5 });
/** Mostly ones and a few equal sizes, so that many pairs broadcast. */
const stretchy = fc.array(fc.constantFrom(1, 1, 2, 3), { maxLength: 4 });
const runs = { seed: 1964, numRuns: 500 };

/** NumPy's rule in its own words: pad with ones on the left; sizes are equal, or one of them is 1. */
function reference(a: Shape, b: Shape): readonly number[] | null {
  const rank = Math.max(a.length, b.length);
  const pad = (s: Shape): number[] => [...Array<number>(rank - s.length).fill(1), ...s];
  const [p, q] = [pad(a), pad(b)];
  return p.every((d, k) => d === q[k] || d === 1 || q[k] === 1)
    ? p.map((d, k) => (d === 1 ? q[k]! : d))
    : null;
}

describe("broadcastShapes", () => {
  test("is NumPy's rule", () => {
    fc.assert(
      fc.property(fc.oneof(shape, stretchy), fc.oneof(shape, stretchy), (a, b) => {
        const expected = reference(a, b);
        if (expected === null) expect(() => broadcastShapes("op", a, b)).toThrow(ShapeError);
        else expect(broadcastShapes("op", a, b)).toEqual(expected);
      }),
      runs,
    );
  });

  test("does not depend on the order of its arguments, nor on grouping", () => {
    const result = (f: () => Shape): Shape | null => {
      try {
        return f();
      } catch {
        return null;
      }
    };
    fc.assert(
      fc.property(stretchy, stretchy, stretchy, (a, b, c) => {
        const join = (p: Shape, q: Shape): Shape => broadcastShapes("op", p, q);
        expect(result(() => join(a, b))).toEqual(result(() => join(b, a)));
        expect(result(() => join(join(a, b), c))).toEqual(result(() => join(a, join(b, c))));
      }),
      runs,
    );
  });

  // What numpy.broadcast_shapes gives.
  test.each([
    [[], [], []],
    [[4, 1], [3], [4, 3]],
    [[0, 3], [1], [0, 3]],
    [[0], [1], [0]],
    [
      [2, 1, 3, 1],
      [4, 1, 2],
      [2, 4, 3, 2],
    ],
  ])("[%j] with [%j]", (a, b, expected) => {
    expect(broadcastShapes("op", a, b)).toEqual(expected);
  });

  test("an empty axis does not stretch, and a clash names op, shapes, sizes and axis", () => {
    expect(() => broadcastShapes("op", [0], [2])).toThrow(ShapeError);
    expect(() => broadcastShapes("mul", [5, 2, 3], [4, 3])).toThrow(
      /^mul: .*\[5,2,3\] with \[4,3\].*2 and 4.*axis -2/,
    );
  });
});

test("stretching is broadcasting to exactly that shape, and sums go back along the stretched axes", () => {
  fc.assert(
    fc.property(fc.oneof(shape, stretchy), fc.oneof(shape, stretchy), (small, large) => {
      const joined = reference(small, large);
      const isStretch = joined !== null && sameShape(joined, large);
      expect(stretchesTo(small, large)).toBe(isStretch);
      if (!isStretch) return;
      const axes = stretchedAxes(small, large);
      const kept = reducedShape(large, axes, true);
      expect(kept.slice(large.length - small.length)).toEqual(small);
      expect(kept.slice(0, large.length - small.length).every((d) => d === 1)).toBe(true);
    }),
    runs,
  );
});

test("strides count through all places in row-major order", () => {
  fc.assert(
    fc.property(shape, (s) => {
      const strides = stridesOf(s);
      let places: number[] = [0];
      s.forEach((d, k) => {
        places = places.flatMap((start) => Array.from({ length: d }, (_, i) => start + i * strides[k]!));
      });
      expect(places).toEqual(Array.from({ length: sizeOf(s) }, (_, i) => i));
    }),
    runs,
  );
});

describe("axes", () => {
  test("each axis has two names, and anything else is an AxisError", () => {
    fc.assert(
      fc.property(fc.nat(6), fc.oneof(fc.integer({ min: -8, max: 8 }), fc.double()), (rank, axis) => {
        const valid = Number.isInteger(axis) && -rank <= axis && axis < rank;
        if (valid) expect(normalizeAxis("op", axis, rank)).toBe((((axis % rank) + rank) % rank) + 0);
        else expect(() => normalizeAxis("op", axis, rank)).toThrow(AxisError);
      }),
      runs,
    );
  });

  test("several axes come out sorted, from the front, each once", () => {
    const axes = fc
      .integer({ min: 1, max: 5 })
      .chain((rank) =>
        fc.tuple(fc.constant(rank), fc.array(fc.integer({ min: -rank, max: rank - 1 }), { maxLength: rank })),
      );
    fc.assert(
      fc.property(axes, ([rank, list]) => {
        const front = list.map((axis) => (axis + rank) % rank);
        const before = [...list];
        if (new Set(front).size < front.length)
          expect(() => normalizeAxes("op", list, rank)).toThrow(/twice/);
        else expect(normalizeAxes("op", list, rank)).toEqual([...front].sort((a, b) => a - b));
        expect(list).toEqual(before);
      }),
      runs,
    );
  });

  test("none named are all; a number is a list of one; a string is refused", () => {
    expect(normalizeAxes("op", undefined, 3)).toEqual([0, 1, 2]);
    expect(normalizeAxes("op", undefined, 0)).toEqual([]);
    expect(normalizeAxes("op", -1, 3)).toEqual([2]);
    expect(() => Reflect.apply(normalizeAxes, null, ["op", "0", 3])).toThrow(AxisError);
    expect(() => normalizeAxes("op", 0, 0)).toThrow(/a scalar has none/);
  });

  test("reduced axes vanish, or stay as ones", () => {
    fc.assert(
      fc.property(shape, fc.func(fc.boolean()), (s, chosen) => {
        const axes = [...s.keys()].filter((k) => chosen(k));
        expect(reducedShape(s, axes, true)).toEqual(s.map((d, k) => (axes.includes(k) ? 1 : d)));
        expect(reducedShape(s, axes, false)).toEqual(s.filter((_, k) => !axes.includes(k)));
      }),
      runs,
    );
  });
});

test("a caller's shape is checked, copied and frozen", () => {
  const given = [2, 3];
  const checked = checkedShape("op", given);
  given[0] = 7;
  expect([checked, Object.isFrozen(checked)]).toEqual([[2, 3], true]);
  for (const bad of [[-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY], ["2"], "23", null, 4, { 0: 1 }]) {
    expect(() => checkedShape("op", bad)).toThrow(ShapeError);
  }
});
