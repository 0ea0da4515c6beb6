/** Errors in the rules of small ops: each is seen by the law that it is listed with, and by no other. */
import { bind } from "../../graph/bind.ts";
import type { Primitive } from "../../graph/primitive.ts";
import { sameShape } from "../../graph/shape.ts";
import { filled, type Tensor } from "../../graph/tensor.ts";
import { elementwise, type One } from "../../ops/families/elementwise.ts";
import {
  add,
  Div,
  div,
  Mean,
  Mul,
  mul,
  neg,
  Reciprocal,
  Sqrt,
  Square,
  scale,
  square,
} from "../../ops/index.ts";
import * as s from "../../ops/kernels/scalar.ts";
import { detached, type Plant, plant } from "./plant.ts";

/** y = x³, with a private square in its rules. */
function cube(inJvp: Primitive<One>, inVjp: Primitive<One>): Primitive<One> {
  const Cube = elementwise("cube", { formula: (x) => s.mul(x, s.mul(x, x)), derivative: null });
  const slope = (op: Primitive<One>, x: Tensor): Tensor => mul(3, bind(op, [x], undefined));
  return {
    ...Cube,
    jvp: ({ x: [x] }, [xDot]) => (xDot === null ? null : scale(xDot, slope(inJvp, x))),
    vjp: ({ x: [x] }, yBar) => [scale(yBar, slope(inVjp, x))],
  };
}

const negatedBack: Primitive<One> = { ...Square, vjp: ({ x: [x] }, yBar) => [scale(yBar, mul(-2, x))] };
const saved: Primitive<One> = {
  ...Square,
  jvp: ({ x: [x] }, [xDot]) => (xDot === null ? null : scale(xDot, mul(2, detached(x)))),
};
const tiny = 1e-300;

export const RULE_PLANTS: readonly Plant[] = [
  plant("as it is, with a private square", cube(Square, Square), {}, []),
  plant("doubled by an addition", Square, { vjp: ({ x: [x] }, yBar) => [scale(yBar, add(x, x))] }, []),

  plant(
    "1 + 1e-4 too large in both modes",
    Square,
    {
      jvp: ({ x: [x] }, [xDot]) => (xDot === null ? null : scale(xDot, mul(2 * (1 + 1e-4), x))),
      vjp: ({ x: [x] }, yBar) => [scale(yBar, mul(2 * (1 + 1e-4), x))],
    },
    ["jvp"],
  ),
  plant(
    "1 + 1e-4 too large in both modes, by way of its value",
    Sqrt,
    {
      jvp: ({ y }, [xDot]) => (xDot === null ? null : scale(xDot, div(0.5 * (1 + 1e-4), y))),
      vjp: ({ y }, yBar) => [scale(yBar, div(0.5 * (1 + 1e-4), y))],
    },
    ["jvp", "jvp of vjp", "jvp of jvp", "third order"],
  ),
  plant(
    "wrong sign for the second input",
    Mul,
    {
      vjp: (at, yBar, wanted) => {
        const [aBar, bBar] = Mul.vjp(at, yBar, wanted);
        return [aBar, bBar === null ? null : neg(bBar)];
      },
    },
    ["vjp"],
  ),
  plant(
    "1 + 1e-4 too large for the first input",
    Div,
    {
      vjp: (at, yBar, wanted) => {
        const [aBar, bBar] = Div.vjp(at, yBar, wanted);
        return [aBar === null ? null : mul(aBar, 1 + 1e-4), bBar];
      },
    },
    ["vjp", "vjp of vjp", "vjp of jvp"],
  ),
  plant(
    "cotangents swapped where shapes allow",
    Mul,
    {
      vjp: (at, yBar, wanted) => {
        if (!sameShape(at.x[0].shape, at.x[1].shape)) return Mul.vjp(at, yBar, wanted);
        const [aBar, bBar] = Mul.vjp(at, yBar, [true, true]);
        return [wanted[0] ? bBar : null, wanted[1] ? aBar : null];
      },
    },
    ["vjp"],
  ),
  plant(
    "divided by all elements, not by those of an axis",
    Mean,
    { vjp: (at, yBar) => Mean.vjp(at, mul(yBar, at.y.size), [true]) },
    ["vjp"],
  ),
  plant(
    "its point saved as a constant in vjp",
    Square,
    { vjp: ({ x: [x] }, yBar) => [scale(yBar, mul(2, detached(x)))] },
    ["jvp of vjp"],
  ),
  plant(
    "its value saved as a constant in jvp",
    Reciprocal,
    { jvp: ({ y }, [xDot]) => (xDot === null ? null : scale(xDot, neg(square(detached(y))))) },
    ["jvp of jvp"],
  ),
  plant("a wrong vjp inside its vjp", cube(Square, negatedBack), {}, ["vjp of vjp"]),
  plant("a wrong vjp inside its jvp", cube(negatedBack, Square), {}, ["vjp of jvp"]),
  plant("a constant inside its jvp's jvp", cube(saved, Square), {}, ["third order"]),

  plant(
    "large cotangents are clipped",
    Square,
    {
      vjp: (at, yBar) =>
        Square.vjp(at, [...yBar.data].some((v) => Math.abs(v) > 1e6) ? filledLike(yBar, 1e6) : yBar, [true]),
    },
    ["linearity"],
  ),
  plant("multiplies where it should scale", Sqrt, { vjp: ({ y }, yBar) => [mul(yBar, div(0.5, y))] }, [
    "dead elements",
  ]),
  plant(
    "something tiny is added",
    Square,
    { vjp: (at, yBar) => [add(Square.vjp(at, yBar, [true])[0]!, tiny)] },
    ["zero"],
  ),
  plant(
    "a tangent forgotten where both are given",
    Mul,
    { jvp: (at, [aDot, bDot]) => Mul.jvp(at, [aDot, aDot === null ? bDot : null]) },
    ["differentials"],
  ),
  plant(
    "a tensor of zeros for no tangents",
    Mul,
    { jvp: (at, xDot) => Mul.jvp(at, xDot) ?? filledLike(at.y, 0) },
    ["differentials"],
  ),
  plant(
    "cotangents for whoever asks, and for those who do not",
    Mul,
    { vjp: (at, yBar) => Mul.vjp(at, yBar, [true, true]) },
    ["differentials"],
  ),
  plant(
    "half of it if only one is wanted",
    Mul,
    {
      vjp: (at, yBar, wanted) => Mul.vjp(at, wanted[0] && wanted[1] ? yBar : mul(yBar, 0.5), wanted),
    },
    ["differentials"],
  ),
  plant(
    "forgets to sum what was stretched",
    Mul,
    {
      vjp: ({ x: [a, b] }, yBar, wanted) => [
        wanted[0] ? scale(yBar, b) : null,
        wanted[1] ? scale(yBar, a) : null,
      ],
    },
    [
      "differentials",
      "vjp",
      "jvp of vjp",
      "vjp of vjp",
      "linearity",
      "zero",
      "dead elements",
      "purity",
      "float32",
    ],
  ),
];

function filledLike({ shape, dtype }: Tensor, value: number): Tensor {
  return filled(shape, dtype, value);
}
