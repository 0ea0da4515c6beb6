/**
 * A small encoder of WebAssembly: kernels written as TypeScript that puts instructions down, typed so that operands of
 * the wrong kind do not compile.
 *
 *     const axpy = func("axpy", ["i32", "f32", "i32"], (body, x, a, y) => {
 *       body.store(y, f32.add(f32.load(y), f32.mul(a, f32.load(x))));
 *     });
 *     new WebAssembly.Module(encodeModule([axpy]));
 */
export { Body, type Label } from "./body.ts";
export { type Float, f32, f64 } from "./floats.ts";
export { type FloatLanes, f32x4, f64x2 } from "./floatVectors.ts";
export { type Integer, i32, i64 } from "./integers.ts";
export { type IntegerLanes, i32x4, i64x2 } from "./integerVectors.ts";
export type { Address, Load } from "./memory.ts";
export { encodeModule, type Func, func, type Locals, MEMORY_IMPORT } from "./module.ts";
export {
  type Binary,
  choose,
  type Local,
  type ScalarType,
  type Unary,
  type Value,
  type ValueType,
  type Vector,
} from "./value.ts";
export { type Lanes, v128 } from "./vectors.ts";
