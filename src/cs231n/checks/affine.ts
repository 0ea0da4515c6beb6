import { fromData, type Tensor } from "../../../graph/index.ts";
import { relu, reshape } from "../../../ops/index.ts";
import { linspace } from "../../create/index.ts";
import { affine, affineRelu } from "../../nn/index.ts";
import { vjp } from "../../transforms/derivatives.ts";
import type { CheckRow } from "../result.ts";
import { backwardRows } from "./backwardRows.ts";
import { centralDifferences, relError } from "./differences.ts";
import * as course from "./numpy/layers.ts";
import { CourseRandom } from "./numpy/random.ts";
import { figure, lastBits } from "./row.ts";

/** What the notebook expects of the forward passes, to eight decimals, and the differences that all notebooks print. */
export const AFFINE_FORWARD = {
  out: [
    [1.49834967, 1.70660132, 1.91485297],
    [3.25553199, 3.5141327, 3.77273342],
  ],
  difference: "9.769849468192957e-10",
} as const;
export const RELU_FORWARD = {
  out: [
    [0, 0, 0, 0],
    [0, 0, 0.04545455, 0.13636364],
    [0.22727273, 0.31818182, 0.40909091, 0.5],
  ],
  difference: "4.999999798022158e-08",
} as const;

/** As printed by 7 of 9 notebooks; others, whose matrix products round twice, print 1.09e-10, 2.18e-10, 7.74e-12. */
export const AFFINE_BACKWARD = {
  dx: "5.399100368651805e-11",
  dw: "9.904211865398145e-11",
  db: "2.4122867568119087e-11",
} as const;

/** As printed by all of 9 notebooks. */
export const RELU_BACKWARD = "3.2756349136310288e-12";

/** As printed by 5, 9 and 9 of 9 notebooks; for dx others print 6.40e-11. */
export const AFFINE_RELU = {
  dx: "2.299579177309368e-11",
  dw: "8.162011105764925e-11",
  db: "7.826724021458994e-12",
} as const;

/** The check of `affine_forward`. */
export function affineForward(): CheckRow[] {
  const y = affine(
    reshape(linspace(-0.1, 0.5, 240), [2, 4, 5, 6]),
    reshape(linspace(-0.2, 0.3, 360), [120, 3]),
    linspace(-0.3, 0.1, 3),
  );
  return [differenceRow("Affine layer: forward", y, AFFINE_FORWARD)];
}

/** The check of `affine_backward`. */
export function affineBackward(): CheckRow[] {
  const random = new CourseRandom(231);
  const inputs = [random.randn(10, 2, 3), random.randn(6, 5), random.randn(5)] as const;
  const how = { layer: affine, course: course.affine, inputs, yBar: random.randn(10, 5) };
  return backwardRows("Affine layer: backward", how, AFFINE_BACKWARD, {
    dx: lastBits(AFFINE_BACKWARD.dx),
    dw: lastBits(AFFINE_BACKWARD.dw),
  });
}

/** The check of `relu_forward`. */
export function reluForward(): CheckRow[] {
  return [differenceRow("ReLU: forward", relu(reshape(linspace(-0.5, 0.5, 12), [3, 4])), RELU_FORWARD)];
}

/** The check of `relu_backward`. */
export function reluBackward(): CheckRow[] {
  const random = new CourseRandom(231);
  const x = random.randn(10, 10);
  const yBar = random.randn(10, 10);
  const [bar] = vjp(relu, x)[1](yBar);
  const numeric = centralDifferences(x, (moved) => relu(fromData(x.shape, x.dtype, moved)).data, yBar);
  const value = relError(numeric, bar);
  return [figure("ReLU: backward", { what: "dx error", published: RELU_BACKWARD, value })];
}

/** The check of `affine_relu_forward` and `affine_relu_backward`. */
export function affineReluBackward(): CheckRow[] {
  const random = new CourseRandom(231);
  const inputs = [random.randn(2, 3, 4), random.randn(12, 10), random.randn(10)] as const;
  const how = { layer: affineRelu, course: course.affineRelu, inputs, yBar: random.randn(2, 10) };
  return backwardRows("Affine and ReLU", how, AFFINE_RELU);
}

function differenceRow(
  section: string,
  y: Tensor,
  { out, difference }: { readonly out: readonly (readonly number[])[]; readonly difference: string },
): CheckRow {
  const expected = fromData(y.shape, "float64", Float64Array.from(out.flat()));
  const value = relError(y, expected);
  return figure(section, { what: "difference", published: difference, value, band: lastBits(difference) });
}
