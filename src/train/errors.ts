import { NonFiniteError, WengertError } from "../../graph/index.ts";
import type { Tree } from "../tree.ts";
import type { TrainingResult } from "./result.ts";

/** A loss, a gradient or a parameter that is not finite: nothing that comes after could be trusted. */
export class DivergenceError extends WengertError {
  override readonly name = "DivergenceError";
  /** Which step it was, counted from 1. */
  readonly iteration: number;
  /** What came out up to then: the histories, the best parameters, and the last at which the loss was finite. */
  readonly result: TrainingResult<Tree, unknown>;
  /** The op that made the first number of the kind, its inputs, the line that applied it, the way to the parameter. */
  override readonly cause: unknown;

  constructor(
    what: string,
    received: string,
    result: TrainingResult<Tree, unknown>,
    iteration: number,
    cause: unknown,
  ) {
    const blame = cause instanceof NonFiniteError ? `; the first to blame is ${cause.message}` : "";
    super(
      "train",
      `${what} of step ${iteration} to be finite`,
      received,
      `a lower learning rate may help${blame}`,
    );
    this.iteration = iteration;
    this.result = result;
    this.cause = cause;
  }
}

/** A checkpoint that cannot be gone on from: it is damaged, or of another run. */
export class CheckpointError extends WengertError {
  override readonly name = "CheckpointError";
  /** The file, or the folder, where it is known. */
  readonly file: string | null;
  /** Where in the file the first wrong byte is, where that can be told. */
  readonly offset: number | null;
  /** Not what was written: an older one may do instead. */
  readonly isDamaged: boolean;

  constructor(
    expected: string,
    received: string,
    about: Partial<Pick<CheckpointError, "file" | "offset" | "isDamaged">> = {},
    remedy = "",
  ) {
    const { file = null, offset = null, isDamaged = false } = about;
    const place = offset === null ? "" : ` at byte ${offset}`;
    super(file === null ? "checkpoint" : `checkpoint ${file}`, expected, `${received}${place}`, remedy);
    this.file = file;
    this.offset = offset;
    this.isDamaged = isDamaged;
  }
}
