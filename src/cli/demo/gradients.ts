import type { Tensor } from "../../../graph/index.ts";
import { batchNorm, fusedBatchNorm } from "../../../ops/index.ts";
import { relError } from "../../cs231n/checks/differences.ts";
import type { Inputs } from "../../cs231n/checks/normInputs.ts";
import { vjp } from "../../transforms/derivatives.ts";
import { byComplexStep } from "./complexStep.ts";
import { byCentralDifferences, byRidders, digitsOfAgreement, type Question } from "./errors.ts";
import { PUBLISHED_ERRORS } from "./inputs.ts";

type Way = "fused" | "ridders" | "complexStep";

/** One gradient, worked out in several ways. */
export interface Compared {
  readonly name: "dx" | "dgamma" | "dbeta";
  readonly tape: Tensor;
  readonly others: Readonly<Record<Way, Tensor>>;
  /** How many digits each of the others shares with the tape. */
  readonly digits: Readonly<Record<Way, number>>;
  /** By the course's measure, against its central differences. */
  readonly courseError: { readonly published: number; readonly here: number };
  /** By the same measure, against the complex step. */
  readonly trueError: number;
}

export const EPS = 1e-5;

/** What is called each way in print, and how many digits it has to share with the tape. */
export const WAYS: readonly { readonly way: Way; readonly title: string; readonly least: number }[] = [
  { way: "fused", title: "closed form", least: 10 },
  { way: "ridders", title: "Ridders", least: 8 },
  { way: "complexStep", title: "complex step", least: 12 },
];

/** The largest error by the course's measure that its notebook calls right. */
const COURSE_LIMIT = 1e-8;

/** The three gradients of batch normalisation: by the tape, and by everything else that can tell. */
export function compareGradients(inputs: Inputs): readonly Compared[] {
  const { x, gamma, beta, yBar } = inputs;
  const layer = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor => batchNorm(x, gamma, beta, { eps: EPS });
  const fusedLayer = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor =>
    fusedBatchNorm(x, gamma, beta, { eps: EPS });
  const tape = vjp(layer, x, gamma, beta)[1](yBar);
  const fused = vjp(fusedLayer, x, gamma, beta)[1](yBar);
  const complexStep = byComplexStep(inputs, EPS);
  const f = (...t: Tensor[]): Tensor => layer(t[0]!, t[1]!, t[2]!);
  return (["dx", "dgamma", "dbeta"] as const).map((name, k) => {
    const own = tape[k]!;
    const question: Question = { f, x: [x, gamma, beta], which: k, yBar };
    const others = {
      fused: fused[k]!,
      ridders: byRidders(question),
      complexStep: complexStep[k]!,
    };
    return {
      name,
      tape: own,
      others,
      digits: {
        fused: digitsOfAgreement(own, others.fused),
        ridders: digitsOfAgreement(own, others.ridders),
        complexStep: digitsOfAgreement(own, others.complexStep),
      },
      courseError: {
        published: PUBLISHED_ERRORS[name],
        here: relError(own, byCentralDifferences(question)),
      },
      trueError: relError(own, others.complexStep),
    };
  });
}

/** A sentence for each thing that does not agree. */
export function disagreements(compared: readonly Compared[]): readonly string[] {
  return compared.flatMap(({ name, digits, courseError }) => [
    ...WAYS.filter(({ way, least }) => !(digits[way] >= least)).map(
      ({ way, title, least }) =>
        `${name}: the tape and the ${title} share ${digits[way].toFixed(1)} digits, where at least ${least} were expected.`,
    ),
    ...(courseError.here <= COURSE_LIMIT
      ? []
      : [
          `${name}: the error by the course's measure is ${courseError.here}, where at most ${COURSE_LIMIT} was expected.`,
        ]),
  ]);
}
