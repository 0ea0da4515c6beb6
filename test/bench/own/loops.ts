import { batchNormByHand } from "../byHand.ts";
import { arrayNamed } from "../running/inputs.ts";
import { preparedNorm, type System, Unsupported } from "../running/prepared.ts";

/** No library: loops over typed arrays, the backward derived by hand. */
export const system: System = {
  versions: {},
  isAsync: false,
  prepare(inputs) {
    if (inputs.workload !== "W1") throw new Unsupported("there are loops for W1 alone");
    const [x, gamma, beta, dy] = ["x", "gamma", "beta", "dy"].map((name) => arrayNamed(inputs, name));
    const [n, d] = x!.shape;
    return preparedNorm(
      () => batchNormByHand(n!, d!, x!.values, gamma!.values, beta!.values, dy!.values),
      ({ dx, dgamma, dbeta }) => [dx, dgamma, dbeta],
      () => undefined,
    );
  },
};
