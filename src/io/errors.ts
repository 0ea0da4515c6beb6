import { WengertError } from "../../graph/index.ts";

/** Bytes that are not what their format demands. */
export class FormatError extends WengertError {
  override readonly name = "FormatError";
  /** Where in the bytes the first wrong one is, where that can be told. */
  readonly offset: number | null;

  constructor(op: string, expected: string, received: string, offset: number | null = null, remedy = "") {
    super(op, expected, offset === null ? received : `${received} at byte ${offset}`, remedy);
    this.offset = offset;
  }
}
