import type { DType } from "./dtype.ts";
import type { AnyPrimitive } from "./primitive.ts";
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/**
 * One line of the list: a leaf, a constant, or the application of a primitive to earlier lines.
 *
 * Plain data, no closures: the walks look the rules up in the op's record, so that a finished tape can be printed,
 * rewritten and compiled.
 */
export interface Node {
  /** null for leaves and constants. */
  readonly op: AnyPrimitive | null;
  readonly params: unknown;
  /** Indices of earlier nodes; none for leaves and constants. */
  readonly parents: readonly number[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** The value, one level down. */
  readonly value: Tensor;
  /** Whether a derivative with respect to some leaf can flow through here. */
  readonly isActive: boolean;
  readonly name: string | null;
  /** Where in the user's code it was applied, if that is being tracked. */
  readonly origin: string | null;
}

/** What a function is doing, in the order in which it does it. A plain array while it is open: one push per op. */
export interface Tape {
  /** Nested transforms have nested tapes: the higher level is the inner function. */
  readonly level: number;
  /** Whether it will be walked for derivatives, or was opened only to see what happens. */
  readonly isDifferentiated: boolean;
  readonly nodes: Node[];
  isOpen: boolean;
}
