export { arange } from "./arange.ts";
export type { DTypeOption } from "./dtype.ts";
export { eye } from "./eye.ts";
export { full, fullLike, ones, onesLike, zeros, zerosLike } from "./full.ts";
export { linspace } from "./linspace.ts";
export type { NestedData, NumericArray } from "./parse.ts";
export { type TensorOptions, tensor } from "./tensor.ts";
