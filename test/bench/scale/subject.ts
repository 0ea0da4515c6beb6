/** Something whose time is measured at several sizes. */
export interface Subject {
  readonly name: string;
  readonly sizes: readonly number[];
  /** What is run at this size; preparing it is not timed. */
  at(size: number): () => void;
}
