import { ArgumentError, describe, type Tensor } from "../../graph/index.ts";
import type { Tree } from "../tree.ts";
import type { Model, Standing, Step } from "./model.ts";

/** A model of two pure functions: the scores in evaluation mode, and one step in training mode. */
export function makeModel<P extends Tree, S>(
  op: string,
  start: Standing<P, S>,
  scores: (at: Standing<P, S>, x: Tensor) => Tensor,
  step: (at: Standing<P, S>, x: Tensor, labels: Tensor) => Step<P, S>,
): Model<P, S> {
  function loss(at: Standing<P, S>, x: Tensor): Tensor;
  function loss(at: Standing<P, S>, x: Tensor, labels: Tensor): Step<P, S>;
  function loss(at: Standing<P, S>, x: Tensor, labels?: Tensor): Tensor | Step<P, S> {
    assertStanding(op, at);
    return labels === undefined ? scores(at, x) : step(at, x, labels);
  }
  return Object.freeze({ params: start.params, state: start.state, loss });
}

/** @throws ArgumentError for what is no standing */
export function assertStanding(op: string, at: Standing<Tree, unknown>): void {
  const given: Partial<Standing<Tree, unknown>> | null | undefined = at;
  if (typeof given?.params === "object" && given.params !== null && given.state !== undefined) return;
  throw new ArgumentError(
    op,
    "a standing { params, state }",
    describe(at),
    "init makes one, and a model is one: loss(model, x)",
  );
}
