import { fromData, scalar, type Tensor } from "../../../graph/index.ts";
import { mul } from "../../../ops/index.ts";
import { softmaxLoss, svmLoss } from "../../nn/index.ts";
import { valueAndGrad } from "../../transforms/derivatives.ts";
import type { CheckRow } from "../result.ts";
import { centralDifferences, relError } from "./differences.ts";
import { CourseRandom } from "./numpy/random.ts";
import { figure, lastBits } from "./row.ts";

/** As printed by all of 9 notebooks. */
export const LOSSES = {
  svm: { loss: "8.999602749096233", error: "1.4021566006651672e-09" },
  softmax: { loss: "2.302545844500738", error: "9.384673161989355e-09" },
} as const;

/** The checks of `svm_loss` and `softmax_loss`. */
export function losses(): CheckRow[] {
  const section = "Losses";
  const random = new CourseRandom(231);
  const x = mul(0.001, random.randn(50, 10));
  const labels = random.randint(10, [50]);
  const rows = (name: keyof typeof LOSSES, loss: typeof svmLoss): CheckRow[] => {
    const of = (t: Tensor): Tensor => loss(t, labels);
    const [value, [bar]] = valueAndGrad(of)(x);
    const numeric = centralDifferences(x, (moved) => of(fromData(x.shape, x.dtype, moved)).data, scalar(1));
    const { loss: printed, error } = LOSSES[name];
    return [
      figure(section, { what: `${name} loss`, published: printed, value: value.item() }),
      figure(section, {
        what: `${name} dx error`,
        published: error,
        value: relError(numeric, bar),
        band: lastBits(error),
      }),
    ];
  };
  return [...rows("svm", svmLoss), ...rows("softmax", softmaxLoss)];
}
