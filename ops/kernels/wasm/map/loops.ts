/** The vector loops of one formula: which there are, and when they are used. */
import type { Data, DType } from "../../../../graph/dtype.ts";
import type { Scalar } from "../../../../graph/lowering.ts";
import type { Params } from "../../loop.ts";
import { Demand } from "../worth.ts";
import type { Source } from "./kernel.ts";
import { type Rows, VectorLoop } from "./loop.ts";

interface Kind {
  readonly loop: VectorLoop | null;
  readonly demand: Demand;
}

export class VectorLoops {
  readonly #formula: Scalar;
  readonly #kinds = new Map<number, Kind>();

  constructor(formula: Scalar) {
    this.#formula = formula;
  }

  /**
   * What a loop in JavaScript would do, to the bit; or false, and nothing done.
   *
   * @param key a number for this combination of sources and y
   */
  run(
    key: number,
    sources: readonly Source[],
    dtype: DType,
    y: Data,
    start: number,
    rows: number,
    columns: number,
    params: Params,
    inputs: readonly Rows[],
  ): boolean {
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      kind = { loop: VectorLoop.of(this.#formula, sources, dtype), demand: new Demand() };
      this.#kinds.set(key, kind);
    }
    const { loop, demand } = kind;
    if (loop === null || !demand.grows(rows * columns)) return false;
    return loop.run(y, start, rows, columns, params, inputs);
  }
}
