/** Random programs, recorded, and their gradients' programs. */
import fc from "fast-check";
import { type Inputs, record, replay } from "../../src/index.ts";
import { directions } from "../draw.ts";
import { arbitraryProgram, type RandomProgram } from "../support/randomProgram.ts";
import { backward, type Subject } from "./objections.ts";

const SEED = 1964;

/** Recorded; every other one with its first input held constant, so that there is something to fold. */
export function subjectOf({ f, x, seed }: RandomProgram): Subject {
  const program = record((...t: Inputs) => f(...t), ...x);
  const isSingle = Object.values(program.nodes).some(({ dtype }) => dtype === "float32");
  if (x.length === 1 || seed % 2 === 0) return { program, x, seed, isSingle };
  return { program: { ...program, inputs: program.inputs.slice(1) }, x: x.slice(1), seed, isSingle };
}

/** The program of its gradient, as a function of the inputs and the cotangents. */
export function backwardOf({ program, x, seed, isSingle }: Subject): Subject {
  const yBar = replay(program, x).map(directions(seed, "cotangents"));
  const both = [...x, ...yBar];
  const gradient = (...t: Inputs): Inputs =>
    backward((...u) => replay(program, u), t.slice(x.length))(...t.slice(0, x.length));
  return { program: record(gradient, ...both), x: both, seed, isSingle };
}

/** Each has to be without an objection; the message says what was applied. */
export function check(
  numRuns: number,
  property: (random: RandomProgram) => string | null,
  seed: number = SEED,
): void {
  const { failed, errorInstance, counterexamplePath, counterexample } = fc.check(
    fc.property(arbitraryProgram, (random) => {
      const found = property(random);
      if (found !== null) throw new Error(`${found}; after ${random.steps.join(", ")}`);
    }),
    { numRuns, seed },
  );
  if (!failed) return;
  // What was found, not which random program it was found with: a test may ask for the first.
  const { message } = errorInstance as Error;
  throw new Error(
    `${message} (seed ${seed}, path ${counterexamplePath}, program ${counterexample?.[0].seed})`,
    {
      cause: errorInstance,
    },
  );
}
