export * from "../graph/index.ts";
export * from "../ops/index.ts";
export { grad, jvp, valueAndGrad, vjp } from "./transforms/derivatives.ts";
export { record } from "./transforms/record.ts";
export type { Loose, Tree } from "./tree.ts";
