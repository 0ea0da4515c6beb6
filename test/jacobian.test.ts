import { describe, expect, expectTypeOf, test } from "vitest";
import {
  add,
  cast,
  exp,
  fusedBatchNorm,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  matmul,
  mul,
  NotDifferentiableError,
  NotScalarError,
  ShapeError,
  sin,
  softmax,
  square,
  standardize,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from "../src/index.ts";

/** The relative error of the whole, as a norm, is below `tolerance`. */
function expectNear(actual: Tensor, expected: readonly number[], tolerance = 1e-13): void {
  const scale = Math.max(...expected.map(Math.abs), Number.MIN_VALUE);
  expect(actual.size).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual.data[i]! - value) / scale, `at ${i}`).toBeLessThanOrEqual(tolerance);
  });
}

const A = [
  [1, -2, 0.5],
  [3, 4, -1],
];

describe("jacobian", () => {
  test("of a linear map is its matrix, in both modes", () => {
    const a = tensor(A);
    let runs = 0;
    // Three in, two out: backwards.
    const [wide] = jacobian((x: Tensor) => {
      runs++;
      return matmul(a, x);
    })(tensor([1, 2, 3]));
    expect(wide.toArray()).toEqual(A);
    expect(runs).toBe(1);
    // Two in, three out: forwards.
    const [tall] = jacobian((x: Tensor) => {
      runs++;
      return matmul(transpose(a), x);
    })(tensor([1, 2]));
    expect(tall.toArray()).toEqual(transpose(a).toArray());
    expect(runs).toBe(2);
  });

  test("of softmax is diag(p) - p pᵀ", () => {
    const e = [0.1, -0.4, 1.2].map(Math.exp);
    const p = e.map((value) => value / e.reduce((total, other) => total + other, 0));
    const [J] = jacobian((x: Tensor) => softmax(x))(tensor([0.1, -0.4, 1.2]));
    expect(J.shape).toEqual([3, 3]);
    expectNear(
      J,
      p.flatMap((pi, i) => p.map((pj, j) => (i === j ? pi : 0) - pi * pj)),
    );
  });

  // d(a b)_ij / d a_kl = [i = k] b_lj, d(a b)_ij / d b_kl = a_ik [j = l]
  test("of a matrix product, with respect to both factors", () => {
    const a = tensor(A);
    const b = tensor([
      [1, 2],
      [3, 4],
      [5, 7],
    ]);
    const [Ja, Jb] = jacobian((s: Tensor, t: Tensor) => matmul(s, t))(a, b);
    expect(Ja.shape).toEqual([2, 2, 2, 3]);
    expect(Jb.shape).toEqual([2, 2, 3, 2]);
    const at = (x: Tensor, ...index: number[]): number =>
      x.data[index.reduce((offset, i, axis) => offset * x.shape[axis]! + i, 0)]!;
    for (const i of [0, 1]) {
      for (const j of [0, 1]) {
        for (const k of [0, 1, 2]) {
          for (const l of [0, 1]) {
            expect(at(Ja, i, j, l, k)).toBe(i === l ? at(b, k, j) : 0);
            expect(at(Jb, i, j, k, l)).toBe(j === l ? at(a, i, k) : 0);
          }
        }
      }
    }
  });

  test("of a scalar is the gradient, of a function of a scalar the tangent", () => {
    const [g] = jacobian((x: Tensor) => sum(square(x)))(tensor([[1, 2]]));
    expect(g.toArray()).toEqual([[2, 4]]);
    const [t] = jacobian((x: Tensor) => mul(x, tensor([1, 2])))(3);
    expect(t.toArray()).toEqual([1, 2]);
  });

  test("trees in, trees out", () => {
    const f = ({ w, b }: { w: Tensor; b: Tensor }, x: Tensor) => ({ y: add(mul(w, x), b), more: [sum(x)] });
    const J = jacobian(f)({ w: tensor([2, 3]), b: tensor([0, 0]) }, tensor([5, 7]));
    expectTypeOf(J.y).toEqualTypeOf<[{ w: Tensor; b: Tensor }, Tensor]>();
    expect(J.y[0].w.toArray()).toEqual([
      [5, 0],
      [0, 7],
    ]);
    expect(J.y[0].b.toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(J.y[1].toArray()).toEqual([
      [2, 0],
      [0, 3],
    ]);
    const [sums] = J.more;
    expect(sums![0].w.toArray()).toEqual([0, 0]);
    expect(sums![1].toArray()).toEqual([1, 1]);
  });

  test("empty inputs and outputs", () => {
    const [none] = jacobian((x: Tensor) => square(x))(zeros([0]));
    expect(none.shape).toEqual([0, 0]);
    const [backwards] = jacobian((x: Tensor) => sum(x))(zeros([2, 0]));
    expect(backwards.shape).toEqual([2, 0]);
    const [forwards] = jacobian((_: Tensor) => tensor([1, 2, 3]))(zeros([0]));
    expect(forwards.shape).toEqual([3, 0]);
    expect(jacobian((_: Tensor) => ({}))(tensor([1, 2]))).toEqual({});
  });

  test("an input that is not used", () => {
    const [Jx, Jz] = jacobian((x: Tensor, _: Tensor) => square(x))(tensor([1, 2]), tensor([1, 2, 3]));
    expect(Jx.toArray()).toEqual([
      [2, 0],
      [0, 4],
    ]);
    expect(Jz.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test("has the dtype of the input, as a gradient has", () => {
    const x = tensor([1, 2], { dtype: "float32" });
    const [J] = jacobian((t: Tensor) => square(t))(x);
    expect(J.dtype).toBe("float32");
    // Fewer go in than come out, but what comes out is float64.
    const [wide] = jacobian((t: Tensor) => mul(cast(t, "float64"), tensor([[1], [2]])))(x);
    expect(wide.dtype).toBe("float32");
    expect(wide.toArray()).toEqual([
      [
        [1, 0],
        [0, 1],
      ],
      [
        [2, 0],
        [0, 2],
      ],
    ]);
  });

  // With J = diag(3 x²): d/dx sum J² = d/dx 9 x⁴ = 36 x³.
  test("is differentiated in its turn, in either mode by either mode", () => {
    const cube = (x: Tensor): Tensor => mul(x, square(x));
    const penalty = (x: Tensor): Tensor => sum(square(jacobian(cube)(x)[0]));
    const x = tensor([1, -2, 0.5]);
    const expected = [36, -288, 4.5];
    expectNear(grad(penalty)(x)[0], expected);
    expectNear(jvp(penalty, [x], [tensor([1, 1, 1])])[1], [
      expected.reduce((total, value) => total + value, 0),
    ]);
    // Rows, two of them out of three: backwards inside.
    const firstTwo = (t: Tensor): Tensor =>
      matmul(
        tensor([
          [1, 0, 0],
          [0, 1, 0],
        ]),
        cube(t),
      );
    const partial = (t: Tensor): Tensor => sum(square(jacobian(firstTwo)(t)[0]));
    expectNear(grad(partial)(x)[0], [36, -288, 0]);
  });

  test("of a Jacobian: all second derivatives", () => {
    const [H] = jacobian((x: Tensor) => jacobian(sin)(x)[0])(tensor([0.3, 1.1]));
    expect(H.shape).toEqual([2, 2, 2]);
    expectNear(H, [-Math.sin(0.3), 0, 0, 0, 0, 0, 0, -Math.sin(1.1)]);
  });

  // d/dx x (d/dy (x + y)) = 1: the inner function's perturbation is not the outer's.
  test("perturbations are not confused", () => {
    const [g] = jacobian((x: Tensor) => mul(x, jacobian((y: Tensor) => add(x, y))(2)[0]))(tensor(3));
    expect(g.item()).toBe(1);
  });

  test("refuses what has no derivative", () => {
    expect(() => jacobian((x: Tensor) => x)(tensor([1], { dtype: "int32" }))).toThrow(NotDifferentiableError);
    expect(() => jacobian((x: Tensor) => ({ a: x, b: [cast(x, "int32")] }))(tensor([1]))).toThrow(
      "jacobian: f to return floats, got int32 for f's result.b[0]",
    );
  });
});

describe("hessian", () => {
  // xᵀ A x has the Hessian A + Aᵀ.
  test("of a quadratic form", () => {
    const a = tensor([
      [1, 2, -1],
      [0, 3, 5],
      [7, 0.5, -2],
    ]);
    const [[H]] = hessian((x: Tensor) => sum(mul(x, matmul(a, x))))(tensor([0.3, -1, 2]));
    expectTypeOf(H).toEqualTypeOf<Tensor>();
    expectNear(H, [...add(a, transpose(a)).data]);
  });

  // f = a² b: f_aa = 2 b, f_ab = f_ba = 2 a, f_bb = 0; sums over two elements.
  test("of two inputs, by blocks", () => {
    const [[aa, ab], [ba, bb]] = hessian((a: Tensor, b: Tensor) => sum(mul(square(a), b)))(
      tensor([1, 2]),
      tensor([5, 7]),
    );
    expect(aa.toArray()).toEqual([
      [10, 0],
      [0, 14],
    ]);
    expect(ab.toArray()).toEqual([
      [2, 0],
      [0, 4],
    ]);
    expect(ba.toArray()).toEqual(ab.toArray());
    expect(bb.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("of a tree", () => {
    const H = hessian(({ w, b }: { w: Tensor; b: Tensor }) => mul(square(w), b))({
      w: tensor(3),
      b: tensor(5),
    });
    expect([H[0].w[0].w.item(), H[0].w[0].b.item(), H[0].b[0].w.item(), H[0].b[0].b.item()]).toEqual([
      10, 6, 6, 0,
    ]);
  });

  test("of a number, and of an empty tensor", () => {
    expect(hessian((x: Tensor) => exp(x))(2)[0][0].item()).toBe(Math.exp(2));
    expect(hessian((x: Tensor) => sum(square(x)))(zeros([0]))[0][0].shape).toEqual([0, 0]);
  });

  test("refuses a function that is not scalar", () => {
    expect(() => hessian((x: Tensor) => square(x))(tensor([1, 2]))).toThrow(NotScalarError);
    expect(() => hessian((x: Tensor) => square(x))(tensor([1, 2]))).toThrow(
      "hessian: f must return a scalar, got [2]; reduce it, by sum or mean for example",
    );
  });
});

/**
 * L = sum(w * batchnorm(x)), its Hessian with respect to x: complex step (h = 1e-30) through the closed form of the
 * gradient, in NumPy; central differences of that gradient agree to 6e-11.
 */
const BATCH_NORM = {
  x: [
    [1, -0.5],
    [2, 0.25],
    [5, 1.5],
    [3.5, -2],
  ],
  w: [
    [1, -1],
    [-2, 0.5],
    [0.5, 2],
    [1.5, -0.75],
  ],
  gamma: [1.5, 0.5],
  eps: 1e-3,
  hessian: [
    0.3830147326980171, 0, -0.22497297802423988, 0, -0.33315506707025744, 0, 0.1751133123964803, 0, 0,
    -0.2732699862231376, 0, 0.09807110729679046, 0, 0.1590222733788623, 0, 0.01617660554748488,
    -0.22497297802423996, 0, -0.5248491038259592, 0, 0.46624594275685105, 0, 0.28357613909334806, 0, 0,
    0.09807110729679047, 0, -0.23034461670678583, 0, 0.11117998365067695, 0, 0.021093525759318464,
    -0.33315506707025744, 0, 0.46624594275685105, 0, 0.031728112811363354, 0, -0.16481898849795698, 0, 0,
    0.15902227337886232, 0, 0.11117998365067697, 0, -0.18822026101488562, 0, -0.08198199601465359,
    0.1751133123964802, 0, 0.28357613909334806, 0, -0.1648189884979569, 0, -0.2938704629918713, 0, 0,
    0.016176605547484832, 0, 0.021093525759318454, 0, -0.08198199601465359, 0, 0.04471186470785028,
  ],
  // H times 0.1, 0.2 ... 0.8
  product: [
    -0.07318863499506278, 0.09292909413939394, 0.2516742397935574, 0.011059185574504693, 0.007049040577141369,
    -0.10224130528461098, -0.1855346453756359, -0.001746974429287576,
  ],
};

describe.each([
  ["composed", (x: Tensor, eps: number) => mul(standardize(x, 0, { eps }), tensor(BATCH_NORM.gamma))],
  [
    "fused",
    (x: Tensor, eps: number) => fusedBatchNorm(x, tensor(BATCH_NORM.gamma), tensor([0, 0]), { axes: 0, eps }),
  ],
])("batch norm, %s", (_, norm) => {
  const { x, w, eps } = BATCH_NORM;
  const loss = (t: Tensor): Tensor => sum(mul(norm(t, eps), tensor(w)));

  test("hessian", () => {
    const [[H]] = hessian(loss)(tensor(x));
    expect(H.shape).toEqual([4, 2, 4, 2]);
    expectNear(H, BATCH_NORM.hessian, 1e-13);
  });

  test("hvp", () => {
    const v = tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], { shape: [4, 2] });
    const [Hv] = hvp(loss, [tensor(x)], [v]);
    expect(Hv.shape).toEqual([4, 2]);
    expectNear(Hv, BATCH_NORM.product, 1e-13);
  });
});

describe("hvp", () => {
  // f = a² b: H (u, v) = (2 b u + 2 a v, 2 a u)
  test("of two inputs, one direction left out", () => {
    const f = (a: Tensor, b: Tensor): Tensor => sum(mul(square(a), b));
    const a = tensor([1, 2]);
    const b = tensor([5, 7]);
    const [Ha, Hb] = hvp(f, [a, b], [tensor([1, 10]), tensor([100, 1000])]);
    expect(Ha.toArray()).toEqual([2 * 5 * 1 + 2 * 1 * 100, 2 * 7 * 10 + 2 * 2 * 1000]);
    expect(Hb.toArray()).toEqual([2 * 1 * 1, 2 * 2 * 10]);
    const [Ga, Gb] = hvp(f, [a, b], [null, tensor([100, 1000])]);
    expect(Ga.toArray()).toEqual([200, 4000]);
    expect(Gb.toArray()).toEqual([0, 0]);
  });

  // f = sum x³: H v = 6 x v; d/dx sum(6 x v) = 6 v.
  test("nests", () => {
    const cubes = (x: Tensor): Tensor => sum(mul(x, square(x)));
    const v = tensor([1, 2]);
    const [g] = grad((x: Tensor) => sum(hvp(cubes, [x], [v])[0]))(tensor([3, 4]));
    expect(g.toArray()).toEqual([6, 12]);
    // And with respect to the direction.
    const [gv] = grad((u: Tensor) => sum(hvp(cubes, [tensor([3, 4])], [u])[0]))(v);
    expect(gv.toArray()).toEqual([18, 24]);
  });

  test("trees, numbers and empty tensors", () => {
    const f = ({ w, b }: { w: Tensor; b: Tensor }): Tensor => mul(square(w), b);
    const [H] = hvp(f, [{ w: 3, b: 5 }], [{ w: 1, b: 0 }]);
    expect([H.w.item(), H.b.item()]).toEqual([10, 6]);
    expect(hvp((x: Tensor) => sum(square(x)), [zeros([0])], [zeros([0])])[0].shape).toEqual([0]);
  });

  test("refuses what does not fit", () => {
    const x = tensor([1, 2]);
    expect(() => hvp((t: Tensor) => square(t), [x], [x])).toThrow("hvp: f must return a scalar, got [2]");
    expect(() => hvp((t: Tensor) => sum(sub(t, 1)), [x], [tensor([1])])).toThrow(ShapeError);
  });
});
