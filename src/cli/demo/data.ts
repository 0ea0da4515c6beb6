import { type JsonProgram, type Program, type Tensor, toJSON } from "../../../graph/index.ts";
import type { Inputs } from "../../cs231n/checks/normInputs.ts";
import { type Compared, compareGradients, disagreements } from "./gradients.ts";
import { COURSE_INPUTS } from "./inputs.ts";
import { programOfBatchNorm, tapeOfBatchNorm } from "./layer.ts";
import { type Picture, writePicture } from "./picture.ts";
import { measure, type Timing } from "./timing.ts";
import { type WalkBack, walkBack } from "./walkBack.ts";

/** All that the demonstration shows. */
export interface Demo {
  readonly inputs: Inputs;
  readonly program: Program;
  readonly walk: WalkBack;
  readonly compared: readonly Compared[];
  readonly timing: Timing;
  readonly picture: Picture;
  /** A sentence for each thing that does not agree; none where all is well. */
  readonly disagreements: readonly string[];
}

export interface DemoSettings {
  /** Where the picture goes; null for a new file among the temporary ones. */
  readonly out: string | null;
  /** How long to measure. */
  readonly milliseconds: number;
}

export async function makeDemo({ out, milliseconds }: DemoSettings): Promise<Demo> {
  const inputs = COURSE_INPUTS;
  const program = programOfBatchNorm(inputs);
  // First, because it can fail, and the measurement takes a second.
  const picture = await writePicture(program, out);
  const compared = compareGradients(inputs);
  return {
    inputs,
    program,
    walk: walkBack(tapeOfBatchNorm(inputs), inputs.yBar),
    compared,
    timing: measure(100, 500, milliseconds),
    picture,
    disagreements: disagreements(compared),
  };
}

/** A tensor as plain data. */
interface JsonTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The same as plain data, for machines. */
export function demoJSON({ inputs, program, walk, compared, ...rest }: Demo): {
  readonly [part: string]: unknown;
  readonly program: JsonProgram;
} {
  return {
    inputs: eachTensor(inputs),
    program: toJSON(program),
    walkBack: walk.steps.map(({ value, cotangent, passes, ...step }) => ({
      ...step,
      value: tensorJSON(value),
      cotangent: tensorJSON(cotangent),
      passes: passes.map((pass) => ({ ...pass, cotangent: tensorJSON(pass.cotangent) })),
    })),
    gradients: compared.map(({ tape, others, ...row }) => ({
      ...row,
      by: eachTensor({ tape, ...others }),
    })),
    ...rest,
  };
}

function eachTensor(tensors: object): Record<string, JsonTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, t]: [string, Tensor]) => [name, tensorJSON(t)]),
  );
}

function tensorJSON({ shape, data }: Tensor): JsonTensor {
  return { shape, data: Array.from(data) };
}
