import { ArgumentError, type Tensor } from "../../graph/index.ts";
import { checkedFlag, checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { checkedSource, choose, type RandomSource } from "../random/source.ts";
import type { Tree } from "../tree.ts";
import { gathered, type Rows, ranged, rowsOf } from "./rows.ts";

/** How batches are made. */
export interface BatchOptions {
  /** A source, `random(231)`: the rows come in random order. In theirs unless given. */
  readonly random?: RandomSource;
  /** Whether rows that do not fill a batch are left out; they make a smaller one unless asked. */
  readonly dropLast?: boolean;
  /** Whether each batch is drawn from all rows, so that some come again and some never; not unless asked. */
  readonly replace?: boolean;
}

/**
 * Data in batches of `size` rows, trees like the whole, once through:
 *
 *     for (const { x, labels } of batches(train, 50, { random })) ...
 *
 * Every row comes exactly once, but for those that `dropLast` leaves out. With `replace` there are max(1, n / size)
 * batches, rounded down, each drawn when it is asked for: an epoch as CS231n's `Solver` takes it, number for number
 * where the source is `numpyRandom`. Without, the order is drawn when the first batch is asked for.
 *
 * @throws ShapeError where the tensors do not have one leading axis
 * @throws ArgumentError for what is no tree of tensors or no size, for `replace` without a source, and where there is
 *   no batch to be had: `dropLast` with fewer rows than a batch takes, `replace` with none
 */
export function batches<T extends Tree>(
  data: T,
  size: number,
  options: BatchOptions = NONE,
): Generator<T, void, undefined> {
  const op = "batches";
  const rows = rowsOf(op, data);
  checkedInteger(op, "size", size, 1);
  const given = checkedOptions(op, options, ["random", "dropLast", "replace"]);
  const random = given.random === undefined ? null : checkedSource(op, "random", given.random);
  const isDropped = checkedFlag(op, "dropLast", given.dropLast, false);
  if (checkedFlag(op, "replace", given.replace, false)) {
    if (random === null) throw new ArgumentError(op, "random, to draw from, with replace", "none");
    if (rows.count === 0) throw new ArgumentError(op, "rows to draw from", "none");
    return drawn(rows, size, random);
  }
  if (isDropped && rows.count > 0 && rows.count < size) {
    throw new ArgumentError(op, `size to be at most ${rows.count}, the rows, with dropLast`, `${size}`);
  }
  const end = isDropped ? rows.count - (rows.count % size) : rows.count;
  return inTurn(rows, size, end, random);
}

function* drawn<T>(rows: Rows<T>, size: number, random: RandomSource): Generator<T, void, undefined> {
  const count = Math.max(1, Math.floor(rows.count / size));
  for (let k = 0; k < count; k++) yield gathered(rows, choose(random, rows.count, size));
}

function* inTurn<T>(
  rows: Rows<T>,
  size: number,
  end: number,
  random: RandomSource | null,
): Generator<T, void, undefined> {
  const order: Rows<Tensor> | null =
    random === null ? null : rowsOf("batches", random.permutation(rows.count));
  for (let start = 0; start < end; start += size) {
    const stop = Math.min(start + size, end);
    yield order === null ? ranged(rows, start, stop) : gathered(rows, ranged(order, start, stop));
  }
}
