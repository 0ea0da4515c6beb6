import { WengertError } from "../../graph/index.ts";

/** Where data came from, and for whom they are read: what an error about them has to say. */
export interface Source {
  /** The public function that was called. */
  readonly op: string;
  /** The file's path, or what its bytes are called. */
  readonly file: string;
}

/**
 * Data that cannot be had, or are not what they ought to be: a file that is missing, cut short, too long or of another
 * kind, a package that is not installed. Nothing is returned then, not even what was read before.
 */
export class DataError extends WengertError {
  override readonly name = "DataError";
  /** The file's path, or what its bytes are called. */
  readonly file: string;
  /** The byte where it goes wrong, counted from 0; null where it is about no byte. */
  readonly offset: number | null;

  constructor(
    op: string,
    expected: string,
    received: string,
    remedy = "",
    at: Pick<DataError, "file" | "offset"> = { file: "", offset: null },
  ) {
    super(op, expected, received, remedy);
    this.file = at.file;
    this.offset = at.offset;
  }
}

/** `parseCifar10: a label from 0 to 9 at byte 6146 of data_batch_1.bin, got 17`. */
export function damaged(
  { op, file }: Source,
  offset: number,
  expected: string,
  received: string,
  remedy = "",
): DataError {
  return new DataError(op, `${expected} at byte ${offset} of ${file}`, received, remedy, { file, offset });
}

/** What is wrong with a file as a whole, or with a folder. */
export function unusable({ op, file }: Source, expected: string, received: string, remedy = ""): DataError {
  return new DataError(op, expected, received, remedy, { file, offset: null });
}
