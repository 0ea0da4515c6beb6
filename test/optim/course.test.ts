/** The update rules of CS231n: the tables that its notebooks print, and the errors that public solutions print. */
import { describe, expect, test } from "vitest";
import { fromData, type Tensor } from "../../graph/index.ts";
import { adam, momentum, rmsprop } from "../../src/optim/index.ts";
import { expectClose, relError } from "../support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "../support/fixtures.ts";

interface Fixture {
  readonly inputs: Readonly<Record<string, StoredArray>>;
  readonly expected: Readonly<Record<string, StoredArray>>;
  readonly published: Readonly<Record<string, StoredArray>> & {
    readonly errors_printed: Readonly<Record<string, number>>;
  };
}

/** Values to 1e-14, the published ones to the 8 decimals that are printed, and the printed error itself. */
function expectPublished(fixture: Fixture, results: Readonly<Record<string, Tensor>>): void {
  for (const [name, actual] of Object.entries(results)) {
    const published = stored(fixture.published[name]);
    expectClose(actual, stored(fixture.expected[name]), 1e-14);
    actual.data.slice().forEach((v, i) => {
      expect(Math.abs(v - published.data[i]!), `${name}, element ${i}`).toBeLessThanOrEqual(0.5000001e-8);
    });
    expect(relError(published, actual), name).toBe(fixture.published.errors_printed[name]);
  }
}

const input = ({ inputs }: Fixture, name: string): Tensor => stored(inputs[name]);

test("momentum", () => {
  const fixture = courseFixture<Fixture>("12_optim_sgd_momentum");
  const state = { step: 0, velocity: input(fixture, "velocity") };
  const rule = momentum({ learningRate: 1e-3 });
  const after = rule.update(input(fixture, "w"), input(fixture, "dw"), state);
  expectPublished(fixture, { next_w: after.params, velocity: after.state.velocity as Tensor });
});

test("rmsprop", () => {
  const fixture = courseFixture<Fixture>("13_optim_rmsprop");
  const state = { step: 0, square: input(fixture, "cache") };
  const after = rmsprop().update(input(fixture, "w"), input(fixture, "dw"), state);
  expectPublished(fixture, { next_w: after.params, cache: after.state.square as Tensor });
});

describe("adam", () => {
  const fixture = courseFixture<Fixture>("14_optim_adam");
  const state = { step: 5, mean: input(fixture, "m"), square: input(fixture, "v") };
  const w = input(fixture, "w");
  const dw = input(fixture, "dw");
  const rule = adam({ learningRate: 1e-2 });
  const published = stored(fixture.published["next_w"]);

  test("as published", () => {
    const after = rule.update(w, dw, state);
    expectPublished(fixture, {
      next_w: after.params,
      m: after.state.mean as Tensor,
      v: after.state.square as Tensor,
    });
    expect(after.state.step).toBe(6);
  });

  test("the table tells it from the step of t before it is advanced, as public solutions printed it", () => {
    const late = rule.update(w, dw, { ...state, step: 4 }).params;
    expect(relError(published, late)).toBe(0.0015218451757856217);
  });

  test("and from means whose bias is not corrected", () => {
    const after = rule.update(w, dw, state);
    const [m, v] = [after.state.mean as Tensor, after.state.square as Tensor];
    const biased = w.toTypedArray().map((x, i) => x - (1e-2 * m.data[i]!) / (Math.sqrt(v.data[i]!) + 1e-8));
    expect(relError(published, fromData(w.shape, "float64", biased))).toBe(0.20720703668629928);
    // The same by the rule itself, at a step where nothing is left to correct.
    expectClose(
      rule.update(w, dw, { ...state, step: 1e6 }).params,
      fromData(w.shape, "float64", biased),
      1e-14,
    );
  });
});
