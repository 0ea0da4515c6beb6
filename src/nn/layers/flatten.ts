import { ArgumentError, checkedShape, describe, ShapeError, sizeOf } from "../../../graph/index.ts";
import { NONE } from "../../../graph/options.ts";
import { reshape } from "../../../ops/index.ts";
import { inputOf, type Layer, type Nothing } from "./layer.ts";

/**
 * A layer that lays each example out as one row: [N, d1, ..., dk] becomes [N, d1 · ... · dk].
 *
 * @throws ArgumentError where it is given a tensor: it is no op, but makes a layer
 */
export function flatten(...nothing: readonly never[]): Layer<Nothing, null> {
  if (nothing.length > 0) {
    const remedy = "flatten() makes a layer; reshape lays out a tensor";
    throw new ArgumentError("flatten", "no argument", describe(nothing[0]), remedy);
  }
  return {
    init: (_, shape) => ({ params: NONE, state: null, shape: [sizeOf(checkedShape("flatten", shape))] }),
    apply(at, x) {
      const t = inputOf("flatten", at, x);
      const [count, ...shape] = t.shape;
      if (count === undefined) throw new ShapeError("flatten", "x of shape [N, ...]", "[]");
      return { y: t.rank === 2 ? t : reshape(t, [count, sizeOf(shape)]), state: null };
    },
  };
}
