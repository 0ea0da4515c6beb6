import { describe, expect, test } from "vitest";
import { ArgumentError } from "../../graph/index.ts";
import {
  constant,
  cosineDecay,
  exponentialDecay,
  type Rates,
  stepDecay,
  warmUp,
} from "../../src/optim/index.ts";

function rates(schedule: Rates, ...steps: number[]): number[] {
  return steps.map((step) => Number(schedule(step).toPrecision(14)));
}

test("constant", () => {
  expect(rates(constant(0.3), 0, 1, 1e9)).toEqual([0.3, 0.3, 0.3]);
});

test("exponential, and in steps: a tenth after each hundred", () => {
  const every = { factor: 0.01, every: 100 };
  expect(rates(exponentialDecay(2, every), 0, 50, 100, 150, 200)).toEqual([2, 0.2, 0.02, 0.002, 0.0002]);
  expect(rates(stepDecay(2, every), 0, 50, 99, 100, 199, 200)).toEqual([2, 2, 2, 0.02, 0.02, 0.0002]);
});

test("cosine: the wave's known values, and its last one for ever", () => {
  const half = Math.SQRT1_2;
  const expected = [1, (1 + half) / 2, 0.5, (1 - half) / 2, 0, 0].map((c) =>
    Number((0.1 + 0.9 * c).toPrecision(14)),
  );
  expect(rates(cosineDecay(1, { steps: 8, last: 0.1 }), 0, 2, 4, 6, 8, 100)).toEqual(expected);
  expect(rates(cosineDecay(0.5, { steps: 1 }), 0, 1, 2)).toEqual([0.5, 0, 0]);
});

test("warm-up: a straight line that is never 0, then the schedule from its beginning", () => {
  expect(rates(warmUp(4, 1), 0, 1, 2, 3, 4, 5)).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1]);
  const then = stepDecay(1, { factor: 0.5, every: 2 });
  expect(rates(warmUp(3, then), 0, 1, 2, 3, 4, 5, 6, 7)).toEqual([0.25, 0.5, 0.75, 1, 1, 0.5, 0.5, 0.25]);
  expect(rates(warmUp(0, then), 0, 1, 2)).toEqual([1, 1, 0.5]);
  expect(rates(warmUp(1, warmUp(1, 1)), 0, 1, 2)).toEqual([0.25, 0.5, 1]);
});

describe("bad input", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["a negative rate", () => constant(-1), /constant: rate to be a finite number >= 0, got -1/],
    ["no rate", () => constant("1" as never), /constant: rate .* got the string "1"/],
    ["NaN", () => cosineDecay(Number.NaN, { steps: 1 }), /cosineDecay: rate/],
    ["a negative factor", () => stepDecay(1, { factor: -0.5, every: 1 }), /stepDecay: factor/],
    ["no factor", () => exponentialDecay(1, { every: 1 } as never), /factor .* got undefined/],
    ["every 0 steps", () => exponentialDecay(1, { factor: 0.5, every: 0 }), /every to be an integer >= 1/],
    ["a misspelt option", () => stepDecay(1, { factr: 0.5, every: 1 } as never), /an option "factr"/],
    ["no options", () => stepDecay(1, 0.5 as never), /stepDecay: options \{ factor, every \}/],
    ["a fraction of steps", () => cosineDecay(1, { steps: 1.5 }), /steps/],
    ["an infinite last rate", () => cosineDecay(1, { steps: 1, last: Number.POSITIVE_INFINITY }), /last/],
    ["negative warm-up", () => warmUp(-1, 1), /warmUp: steps/],
    ["nothing after warm-up", () => warmUp(1, undefined as never), /warmUp: then/],
    ["a negative step", () => warmUp(2, 1)(-1), /warmUp: step to be an integer >= 0, got -1/],
    ["a step of NaN", () => constant(1)(Number.NaN), /constant: step/],
  ])("%s", (_, attempt, message) => {
    expect(attempt).toThrow(ArgumentError);
    expect(attempt).toThrow(message);
  });
});
