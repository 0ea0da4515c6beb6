import { performance } from "node:perf_hooks";
import { batchNorm, certify, fromData, type Tensor } from "../../../src/index.ts";
import { stream } from "../../../src/random/stream.ts";
import { spreadOf } from "../logic/spread.ts";

/** What certainty costs: the certificate of batch norm at (64, 32). */
export function certifyMilliseconds(): number {
  const from = stream(1, "bench", "certify");
  const draw = (shape: readonly number[]): Tensor => {
    const size = shape.reduce((a, b) => a * b);
    return fromData(
      shape,
      "float64",
      Float64Array.from({ length: size }, () => from.gaussian()),
    );
  };
  const x = [draw([64, 32]), draw([32]), draw([32])] as const;
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    certify(batchNorm, ...x);
    return performance.now() - start;
  });
  return spreadOf(times).median;
}
