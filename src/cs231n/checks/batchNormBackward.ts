import type { Tensor } from "../../../graph/index.ts";
import { batchNorm, fusedBatchNorm } from "../../../ops/index.ts";
import { vjp } from "../../transforms/derivatives.ts";
import type { CheckRow } from "../result.ts";
import { backwardRows, type NormErrors } from "./backwardRows.ts";
import { relError } from "./differences.ts";
import { normInputs } from "./normInputs.ts";
import * as course from "./numpy/layers.ts";
import { figure, LIKE_NUMPY } from "./row.ts";

/** As printed by 14 of 17 notebooks (dx by 4 of them, to all of these digits). */
export const BATCH_NORM_BACKWARD: NormErrors = {
  dx: "1.7029258328157158e-09",
  dgamma: "7.420414216247087e-13",
  dbeta: "2.8795057655839487e-12",
};

/** What notebooks print for dx. */
export const BATCH_NORM_DX = { low: 1.6674604875341426e-9, high: 1.7029289562086044e-9 } as const;

/** The check of `batchnorm_backward`: the tape's gradients against differences. */
export function batchNormBackward(): CheckRow[] {
  const { x, gamma, beta, yBar } = normInputs(4, 5);
  const how = { layer: batchNorm, course: course.batchNorm, inputs: [x, gamma, beta], yBar } as const;
  const note = `notebooks print 1.702920e-09 to 1.702929e-09 (some 1.66746e-09); ${LIKE_NUMPY}`;
  return backwardRows("Batch normalization: backward", how, BATCH_NORM_BACKWARD, {
    dx: { ...BATCH_NORM_DX, note },
  });
}

/** What 14 notebooks print for the difference of dx. */
export const TWO_BACKWARDS = { low: 2.2e-13, high: 1.4e-11, dgamma: "0.0", dbeta: "0.0" } as const;

/** `batchnorm_backward_alt` against `batchnorm_backward`: here, the fused op's closed form against the tape. */
export function twoBackwards(): CheckRow[] {
  const section = "Batch normalization: the graph's backward and the closed form";
  const { x, gamma, beta, yBar } = normInputs(100, 500);
  const gradients = (layer: typeof batchNorm): readonly Tensor[] =>
    vjp((x: Tensor, gamma: Tensor, beta: Tensor) => layer(x, gamma, beta), x, gamma, beta)[1](yBar);
  const [tape, fused] = [gradients(batchNorm), gradients(fusedBatchNorm)];
  const [dx, dgamma, dbeta] = tape.map((bar, k) => relError(bar, fused[k]!));
  const { low, high } = TWO_BACKWARDS;
  return [
    figure(section, {
      what: "dx difference",
      published: "2.2e-13 to 1.4e-11",
      value: dx!,
      band: { low, high, note: "rounding noise, another in every notebook" },
    }),
    figure(section, { what: "dgamma difference", published: TWO_BACKWARDS.dgamma, value: dgamma! }),
    figure(section, { what: "dbeta difference", published: TWO_BACKWARDS.dbeta, value: dbeta! }),
  ];
}
