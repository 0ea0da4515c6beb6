/** What a compiler can make of each node of a program. */
import {
  type AxisWalk,
  type DType,
  isFloat,
  type Node,
  type Program,
  type Scalar,
  type ScalarFunction,
  type Shape,
  sameShape,
  sizeAlong,
  sizeOf,
  type Tensor,
} from "../../../graph/index.ts";
import * as s from "../../../ops/kernels/scalar.ts";
import { subformulas } from "../../../ops/kernels/wasm/sweep/formula.ts";
import type { FloatType } from "../../../ops/kernels/wasm/sweep/sweep.ts";
import { isVectorized } from "../../../ops/kernels/wasm/sweep/terms.ts";

export type Part =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly value: Tensor }
  /** A formula of the parents' elements, computed in `among`. */
  | {
      readonly kind: "map";
      readonly formula: Scalar;
      readonly parameters: Readonly<Record<string, number>>;
      readonly among: FloatType;
    }
  | {
      readonly kind: "fold";
      readonly combine: "add" | "max" | "min";
      readonly axes: readonly number[];
      readonly divisor: number;
    }
  /** Found by index: one walk for each of the parent's axes. */
  | { readonly kind: "move"; readonly walks: readonly AxisWalk[] }
  /** The parent's numbers in their order. */
  | { readonly kind: "view" }
  | { readonly kind: "product" }
  /** Its own kernel does it. `because` says why nothing better does. */
  | { readonly kind: "kernel"; readonly because: string };

export function partsOf(program: Program): Map<number, Part> {
  const inputs = new Map(program.inputs.map((id, index) => [id, index]));
  const parts = new Map<number, Part>();
  for (const [key, node] of Object.entries(program.nodes)) {
    const id = Number(key);
    const index = inputs.get(id);
    if (index !== undefined) parts.set(id, { kind: "input", index });
    else if (node.op === null) parts.set(id, { kind: "constant", value: node.value });
    else
      parts.set(
        id,
        partOf(
          node,
          node.parents.map((p) => program.nodes[p]!),
        ),
      );
  }
  return parts;
}

function partOf(node: Node, x: readonly Node[]): Part {
  const { lowering } = node.op!;
  if (sizeOf(node.shape) === 0 || x.some(({ shape }) => sizeOf(shape) === 0)) {
    return { kind: "kernel", because: "there is nothing in it" };
  }
  if (lowering.kind === "view")
    return x[0]!.dtype === node.dtype ? { kind: "view" } : opaque("it changes dtype");
  if (lowering.kind === "move") return { kind: "move", walks: lowering.from(x[0]!, node.params) };
  if (lowering.kind === "map") return mapOf(lowering.formula, node, x);
  if (lowering.kind === "reduce") return foldOf(node, x[0]!);
  if (lowering.kind === "product") return productOf(node, x);
  return opaque("its lowering is its own kernel");
}

function opaque(because: string): Part {
  return { kind: "kernel", because };
}

function mapOf(formula: Scalar, node: Node, x: readonly Node[]): Part {
  const floats = [node, ...x].filter(({ dtype }) => isFloat(dtype)).map(({ dtype }) => dtype as FloatType);
  const among = isFloat(node.dtype)
    ? (node.dtype as FloatType)
    : (floats.find((d) => d === "float64") ?? "float32");
  if (node.dtype === "int32") return opaque("int32 arithmetic");
  const isCast = formula.kind === "input";
  // An int32 need not be a float32; a cast rounds it once, as it should.
  if (!isCast && among !== "float64" && x.some(({ dtype }) => dtype === "int32"))
    return opaque("int32 arithmetic");
  const missing = subformulas(formula).find((e) => e.kind === "call" && !isVectorized(e.fn));
  if (missing?.kind === "call") return opaque(`no vector code for ${missing.fn.name}`);
  return { kind: "map", formula, parameters: (node.params ?? {}) as Readonly<Record<string, number>>, among };
}

const COMBINE = new Map<ScalarFunction, readonly ["add" | "max" | "min", initial: number]>([
  [s.ADD, ["add", 0]],
  [s.MAX, ["max", Number.NEGATIVE_INFINITY]],
  [s.MIN, ["min", Number.POSITIVE_INFINITY]],
]);

function foldOf({ op, params, dtype }: Node, x: Node): Part {
  const { lowering } = op!;
  if (lowering.kind !== "reduce") return opaque("it is no reduction");
  const axes = lowering.over(x, params);
  const count = sizeAlong(x.shape, axes);
  if (count === 1 && x.dtype === dtype) return ofOne(lowering.combine, dtype);
  if (!isFloat(dtype) || !isFloat(x.dtype)) return opaque("a reduction of integers");
  const known = COMBINE.get(lowering.combine);
  if (known?.[1] !== lowering.initial) return opaque(`a reduction by ${lowering.combine.name}`);
  return { kind: "fold", combine: known[0], axes, divisor: lowering.isMean === true ? count : 1 };
}

/** Of one number: that number. But a sum begins with 0, and 0 + -0 = 0. */
function ofOne(combine: ScalarFunction, dtype: DType): Part {
  if (combine !== s.ADD || !isFloat(dtype)) return { kind: "view" };
  return { kind: "map", formula: s.add(s.input(0), 0), parameters: {}, among: dtype as FloatType };
}

function productOf({ dtype }: Node, [a, b]: readonly Node[]): Part {
  if (!isFloat(dtype) || a!.dtype !== dtype || b!.dtype !== dtype) return opaque("a product of integers");
  return a!.shape.length === 2 && b!.shape.length === 2
    ? { kind: "product" }
    : opaque("a product of many matrices");
}

/** Whether two shapes differ in axes of size one alone. */
export function isSameButOnes(a: Shape, b: Shape): boolean {
  const rest = (shape: Shape): number[] => shape.filter((d) => d !== 1);
  return sameShape(rest(a), rest(b));
}
