export { bindChecked as bind } from "./bindChecked.ts";
export { withBlame } from "./blame.ts";
export {
  allocate,
  checkedDType,
  type Data,
  DTYPES,
  type DType,
  isFloat,
  type Numbers,
  promote,
  promoteArithmetic,
  promoteReal,
} from "./dtype.ts";
export {
  ArgumentError,
  AxisError,
  DTypeError,
  describe,
  IndexError,
  type InputFacts,
  MemoryError,
  NonFiniteError,
  NotDifferentiableError,
  NotScalarError,
  RuleError,
  ShapeError,
  TraceError,
  WengertError,
} from "./errors.ts";
export type { AxisWalk, Lowering, Movement, Reduction, Scalar, ScalarFunction } from "./lowering.ts";
export { named } from "./named.ts";
export type { Nested } from "./nested.ts";
export { trackOrigins, withOrigins } from "./origin.ts";
export { expandReferences } from "./passes/expandReferences.ts";
export { foldConstants } from "./passes/foldConstants.ts";
export { mergeCommon } from "./passes/mergeCommon.ts";
export { removeDeadNodes } from "./passes/removeDeadNodes.ts";
export type {
  AnyPrimitive,
  Arrays,
  Convention,
  Differentials,
  Draw,
  Flags,
  Inputs,
  MaybeZero,
  Point,
  Primitive,
  Reject,
  Sample,
  Specs,
  Words,
} from "./primitive.ts";
export { columns } from "./print/columns.ts";
export { numberText, roundedText } from "./print/number.ts";
export { toDot } from "./print/program/dot.ts";
export {
  type JsonNode,
  type JsonNumber,
  type JsonParam,
  type JsonProgram,
  toJSON,
} from "./print/program/json.ts";
export { toLatex } from "./print/program/latex.ts";
export { toExpressions, toText } from "./print/program/text.ts";
export { tensorText } from "./print/tensor.ts";
export type { TensorJson } from "./print/tensorJson.ts";
export { type Draft, inOrder, type Program, programOf, type Rewrite, replay, rewrite } from "./program.ts";
export { type BackwardStep, pullback } from "./pullback.ts";
export { pushforward } from "./pushforward.ts";
export * from "./shape.ts";
export type { Node, Tape } from "./tape.ts";
export {
  asOperands,
  asTensor,
  deferred,
  filled,
  fromData,
  type NdArray,
  type Output,
  type Place,
  type Spec,
  type Storage,
  scalar,
  Tensor,
  type TensorLike,
} from "./tensor.ts";
export { isDifferentiating, type Trace, trace } from "./trace.ts";
