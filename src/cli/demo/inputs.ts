import { fromData, named, type Shape, sizeOf, type Tensor } from "../../../graph/index.ts";
import { MT19937 } from "../../random/mt19937.ts";

/** What a layer is tried on: inputs, and the cotangent that arrives from the loss. */
export interface Inputs {
  readonly x: Tensor;
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly yBar: Tensor;
}

/**
 * The inputs of the check of `batchnorm_backward` in CS231n, assignment 2: with NumPy,
 *
 *     np.random.seed(231)
 *     x = 5 * np.random.randn(N, D) + 12
 *     gamma, beta, dout = np.random.randn(D), np.random.randn(D), np.random.randn(N, D)
 */
export function courseInputs(n: number, d: number): Inputs {
  const numpy = new MT19937(231);
  const randn = (name: string, shape: Shape, scale = 1, shift = 0): Tensor =>
    named(
      fromData(
        shape,
        "float64",
        numpy.fillRandn(new Float64Array(sizeOf(shape))).map((z) => scale * z + shift),
      ),
      name,
    );
  return {
    x: randn("x", [n, d], 5, 12),
    gamma: randn("gamma", [d]),
    beta: randn("beta", [d]),
    yBar: randn("yBar", [n, d]),
  };
}

/**
 * {@link courseInputs} for 4 examples of 5 features, with NumPy's own bits: its logarithm and JavaScript's differ now
 * and then in the last one, and one bit of an input is enough to change the small errors that the course prints.
 */
export const COURSE_INPUTS: Inputs = {
  x: array(
    "x",
    [4, 5],
    [
      14.089717054276115, 18.985501393928892, 3.070478456442249, 8.455861331077017, 11.626373419658847,
      8.12491615536204, 11.251010485830195, 21.308645120908455, 4.872353501329976, 10.118216502722072,
      10.288623047955532, 13.474538182942279, 7.8133813483203305, 16.760938347353047, 18.646582955790684,
      14.623262267133054, 11.259500075739842, 16.44765974379055, 12.622232638861348, 16.95546255976954,
    ],
  ),
  gamma: array(
    "gamma",
    [5],
    [0.03514666175300746, 0.2620708288499113, 0.14320172528233172, 0.9010171565792489, 0.23185862873793547],
  ),
  beta: array(
    "beta",
    [5],
    [-0.7972579273763638, 0.12001013863647965, -0.6567960792631642, 0.2691745562241789, 0.33366699997653043],
  ),
  yBar: array(
    "yBar",
    [4, 5],
    [
      0.27423502702150837, 0.7621571732385133, -0.6955005820433309, 0.29214712273333954, -0.3848994243313884,
      0.12287470486756306, -1.429044965213544, 0.7028628331105681, -0.8585094698626066, -1.1404297940341468,
      -1.5853599691899731, -0.015301379345692975, -0.3215608325334026, 0.5683493580033092,
      -0.1996172239498275, 1.2728662476311292, 1.2729253412270798, 1.5810296827287635, -1.7562671506546559,
      0.92177430325738,
    ],
  ),
};

function array(name: string, shape: Shape, numbers: readonly number[]): Tensor {
  return named(fromData(shape, "float64", Float64Array.from(numbers)), name);
}

/** The error of each gradient that the course's notebook prints, against central differences. */
export const PUBLISHED_ERRORS: Readonly<Record<"dx" | "dgamma" | "dbeta", number>> = {
  dx: 1.7029258328157158e-9,
  dgamma: 7.420414216247087e-13,
  dbeta: 2.8795057655839487e-12,
};
