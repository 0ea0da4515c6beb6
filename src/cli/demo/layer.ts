import { named, type Program, programOf, type Trace, trace } from "../../../graph/index.ts";
import { batchNorm } from "../../../ops/index.ts";
import type { Inputs } from "../../cs231n/checks/normInputs.ts";

/** The tape of the composed batch normalisation, its last line named. */
export function tapeOfBatchNorm({ x, gamma, beta }: Inputs): Trace {
  return trace((x, gamma, beta) => [named(batchNorm(x!, gamma!, beta!), "y")], [x, gamma, beta], false);
}

/** The same as a value that prints. */
export function programOfBatchNorm(inputs: Inputs): Program {
  return programOf(tapeOfBatchNorm(inputs));
}
