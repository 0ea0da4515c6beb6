import { BATCH_NORM_BACKWARD } from "../../cs231n/checks/batchNormBackward.ts";
import { type Inputs, normInputs } from "../../cs231n/checks/normInputs.ts";

/** The inputs of the course's check of `batchnorm_backward`: 4 examples of 5 features. */
export const COURSE_INPUTS: Inputs = normInputs(4, 5);

/** The error of each gradient that the course's notebook prints, against central differences. */
export const PUBLISHED_ERRORS: Readonly<Record<"dx" | "dgamma" | "dbeta", number>> = {
  dx: Number(BATCH_NORM_BACKWARD.dx),
  dgamma: Number(BATCH_NORM_BACKWARD.dgamma),
  dbeta: Number(BATCH_NORM_BACKWARD.dbeta),
};
