import { ArgumentError, describe, listed, ShapeError } from "../graph/errors.ts";
import { normalizeAxis } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { windowAt } from "./families/window.ts";
import { sliceWindow } from "./slice.ts";

/**
 * x cut along an axis (0 unless named): what {@link concat} puts together.
 *
 * @param parts how many equal parts, or the size of each
 * @throws ShapeError where the axis does not divide into equal parts, or sizes do not add up to it
 * @throws AxisError where the axis is not x's
 * @throws ArgumentError where there is no number of parts, or a size is no integer >= 0
 */
export function split(x: TensorLike, parts: number | readonly number[], axis = 0): Tensor[] {
  const t = asTensor("split", x);
  const along = normalizeAxis("split", axis, t.rank);
  const sizes = sizesOf(parts, t.shape[along]!);
  let end = 0;
  return sizes.map((size) => {
    const start = t.shape.map((_, k) => (k === along ? end : 0));
    end += size;
    return sliceWindow(t, windowAt(start, t.shape.with(along, size)));
  });
}

function sizesOf(parts: number | readonly number[], n: number): readonly number[] {
  if (typeof parts === "number") {
    if (!Number.isInteger(parts) || parts < 1)
      throw new ArgumentError("split", "a number of parts >= 1, or their sizes", describe(parts));
    if (n % parts !== 0) {
      throw new ShapeError("split", `a size that ${parts} divides`, `${n}`, "name the size of each part");
    }
    return new Array<number>(parts).fill(n / parts);
  }
  if (!Array.isArray(parts)) {
    throw new ArgumentError("split", "a number of parts >= 1, or their sizes", describe(parts));
  }
  // Copied, so that a hole is not passed over.
  const sizes: number[] = [...parts];
  if (!sizes.every((size) => Number.isInteger(size) && size >= 0))
    throw new ArgumentError("split", "sizes that are integers >= 0", listed(sizes));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== n) throw new ShapeError("split", `sizes that add up to ${n}`, listed(sizes));
  return sizes;
}
