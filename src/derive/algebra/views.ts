import type { AnyPrimitive } from "../../../graph/index.ts";
import { ExpandDims, Reshape, Squeeze } from "../../../ops/index.ts";

/** The same numbers in the same order. */
export const VIEWS: readonly (AnyPrimitive | null)[] = [Reshape, ExpandDims, Squeeze];
