/** Steps as calls: what is walked is compiled, products and ops have their kernels. */
import { type Data, type DType, type Shape, sizeOf } from "../../graph/index.ts";
import { type Func, func } from "../../ops/kernels/wasm/encoder/index.ts";
import { instantiated } from "../../ops/kernels/wasm/engine.ts";
import { kernelsOn } from "../../ops/kernels/wasm/product/kernels.ts";
import { multiplyPlaced } from "../../ops/kernels/wasm/product/placed.ts";
import { emitNest } from "../../ops/kernels/wasm/sweep/code.ts";
import type { Buffer } from "../../ops/kernels/wasm/sweep/sweep.ts";
import { type Arena, SHIFT } from "./arena.ts";
import type { LoweredStep } from "./lower/lower.ts";

export interface Assembled {
  /** In this order. */
  readonly run: readonly (() => void)[];
  /** For each step, which call it is part of. */
  readonly callOf: readonly number[];
}

/** Neighbouring sweeps are one call; each is a function of its own, which engines optimise by itself. */
export function assembled(steps: readonly LoweredStep[], arena: Arena): Assembled {
  const functions: Func[] = [];
  const calls: ((() => void) | readonly number[])[] = [];
  const callOf: number[] = [];
  let sweeps: number[] | null = null;
  for (const step of steps) {
    if (step.kind !== "sweeps") {
      sweeps = null;
      calls.push(step.kind === "product" ? productStep(step, arena) : kernelStep(step, arena));
    } else {
      if (sweeps === null) {
        sweeps = [];
        calls.push(sweeps);
      }
      sweeps.push(functions.length);
      functions.push(func(`sweep${functions.length}`, [], (body) => emitNest(body, step.nest)));
    }
    callOf.push(calls.length - 1);
  }
  const names = calls.map((call) => (typeof call === "function" ? null : nameFor(call, functions)));
  const exports = functions.length === 0 ? {} : instantiated(functions, arena.memory);
  const run = calls.map((call, k) =>
    typeof call === "function" ? call : (exports[names[k]!] as () => void),
  );
  return { run, callOf };
}

/** The function that does what these do, one after the other. */
function nameFor(indices: readonly number[], functions: Func[]): string {
  if (indices.length === 1) return functions[indices[0]!]!.name;
  const name = `segment${functions.length}`;
  functions.push(
    func(name, [], (body) => {
      for (const index of indices) body.call(index);
    }),
  );
  return name;
}

function productStep(step: Extract<LoweredStep, { kind: "product" }>, arena: Arena): () => void {
  const { a, b, y, workspace, sizes } = step;
  const dtype = y.dtype === "float64" ? "float64" : "float32";
  const kernels = kernelsOn(arena.memory, dtype)!;
  const left = { address: a.buffer.address, transposed: a.transposed };
  const right = { address: b.buffer.address, transposed: b.transposed };
  const size = dtype === "float64" ? 8 : 4;
  return () => multiplyPlaced(kernels, arena.memory, left, right, y.address, workspace.address, sizes, size);
}

/** An op's own kernel, on memory. */
function kernelStep(step: Extract<LoweredStep, { kind: "kernel" }>, arena: Arena): () => void {
  const { node } = step;
  const viewOf = ({ dtype, address }: Buffer, size: number): Data => {
    const start = address >> SHIFT[dtype];
    return arena.views[dtype].subarray(start, start + size);
  };
  let seen: unknown = null;
  let x: { shape: Shape; dtype: DType; data: Data }[] = [];
  let data: Data;
  return () => {
    if (seen !== arena.views) {
      seen = arena.views;
      x = step.x.map(({ node: { shape, dtype }, buffer }) => ({
        shape,
        dtype,
        data: viewOf(buffer, sizeOf(shape)),
      }));
      data = viewOf(step.y, sizeOf(node.shape));
    }
    data.fill(0);
    node.op!.kernel(x, node.params, { shape: node.shape, dtype: node.dtype, data });
  };
}
