import { enablePatches, freeze, type Patch, produceWithPatches } from "immer";
import { bind } from "./bind.ts";
import { ArgumentError, describe, ShapeError } from "./errors.ts";
import { checkedFunction } from "./options.ts";
import type { AnyPrimitive, Inputs } from "./primitive.ts";
import { sameShape } from "./shape.ts";
import type { Node } from "./tape.ts";
import { Tensor } from "./tensor.ts";
import type { Trace } from "./trace.ts";
import { assertTrace } from "./walk.ts";

/**
 * A finished tape as an immutable value: what a function did, to be printed, rewritten, compiled.
 *
 * Nodes go by ids that outlive every rewrite, not by position: a pass that removes one node says just that in its
 * patches, and every step between "before" and "after" is a program too.
 */
export interface Program {
  readonly nodes: Readonly<Record<number, Node>>;
  /** Ids of the leaves, in the order of the function's inputs. */
  readonly inputs: readonly number[];
  /** Ids of what it returned. */
  readonly outputs: readonly number[];
}

/** What a pass did, as a value: `applyPatches(before, patches)` is `after`, step by step. */
export interface Rewrite {
  readonly before: Program;
  readonly after: Program;
  readonly patches: readonly Patch[];
  readonly inverse: readonly Patch[];
}

enablePatches();

/** Freeze a closed tape into a value. Ids are the places on the tape. */
export function programOf(trace: Trace): Program {
  assertTrace("programOf", trace);
  const nodes: Record<number, Node> = {};
  for (let i = 0; i < trace.nodes.length; i++) nodes[i] = trace.nodes[i]!;
  const inputs = Array.from({ length: trace.inputs }, (_, i) => i);
  return freeze({ nodes, inputs, outputs: [...trace.outputs] }, true);
}

/**
 * What a caller says is a program.
 *
 * @throws ArgumentError for anything else: a function that was not recorded, say
 */
export function assertProgram(op: string, program: Program): void {
  const given: Partial<Program> | null | undefined = program;
  const isProgram = Array.isArray(given?.inputs) && Array.isArray(given.outputs);
  if (isProgram && typeof given.nodes === "object" && given.nodes !== null) return;
  throw new ArgumentError(op, "a program", describe(program), "record(f, ...x) makes one of a function");
}

/** One pass over a program: one immer recipe, its patches kept. */
export function rewrite(before: Program, recipe: (draft: Draft) => void): Rewrite {
  assertProgram("rewrite", before);
  checkedFunction("rewrite", "recipe", recipe);
  const [after, patches, inverse] = produceWithPatches(before, (draft) => recipe(draft as Draft));
  return { before, after, patches, inverse };
}

/** A program while a pass works on it. Nodes are replaced or deleted whole. */
export interface Draft {
  nodes: Record<number, Node>;
  inputs: number[];
  outputs: number[];
}

/** Ids so that each comes after its parents; the tape's own order where that is one. */
export function inOrder(program: Pick<Program, "nodes">): readonly number[] {
  const nodes: Program["nodes"] | null | undefined = program?.nodes;
  if (typeof nodes !== "object" || nodes === null) {
    throw new ArgumentError("inOrder", "a program", describe(program));
  }
  const order: number[] = [];
  const done = new Set<number>();
  // Depth first with a stack of our own: a tape may be 100,000 deep.
  for (const root of Object.keys(nodes).map(Number)) {
    const stack = [root];
    while (stack.length > 0) {
      const id = stack[stack.length - 1]!;
      const waiting = done.has(id) ? [] : nodes[id]!.parents.filter((p) => !done.has(p));
      if (waiting.length > 0) {
        stack.push(...waiting.reverse());
        continue;
      }
      stack.pop();
      if (!done.has(id)) {
        done.add(id);
        order.push(id);
      }
    }
  }
  return order;
}

/**
 * Run a program again on other inputs, by its ops: it can be recorded and differentiated like any function.
 *
 * @param apply how an op is applied; `bind` unless something else is to stand in for it
 * @throws ArgumentError, ShapeError where the inputs are not like those that it was recorded on
 */
export function replay(
  program: Program,
  x: Inputs,
  apply: (op: AnyPrimitive, x: Inputs, params: unknown) => Tensor = bind,
): readonly Tensor[] {
  assertProgram("replay", program);
  checkedFunction("replay", "apply", apply);
  const { nodes, inputs, outputs } = program;
  if (!Array.isArray(x)) throw new ArgumentError("replay", "inputs in an array", describe(x));
  if (x.length !== inputs.length) throw new ArgumentError("replay", `${inputs.length} inputs`, `${x.length}`);
  const values = new Map<number, Tensor>();
  inputs.forEach((id, k) => {
    const { shape, dtype } = nodes[id]!;
    const t: unknown = x[k];
    if (!(t instanceof Tensor)) {
      throw new ArgumentError("replay", `${dtype}[${shape}] for input ${k}`, describe(t));
    }
    if (!sameShape(t.shape, shape) || t.dtype !== dtype) {
      throw new ShapeError(
        "replay",
        `${dtype}[${shape}] for input ${k}`,
        `${t.dtype}[${t.shape}]`,
        "record it anew",
      );
    }
    values.set(id, t);
  });
  for (const id of inOrder(program)) {
    if (values.has(id)) continue;
    const { op, params, parents, value } = nodes[id]!;
    values.set(
      id,
      op === null
        ? value
        : apply(
            op,
            parents.map((p) => values.get(p)!),
            params,
          ),
    );
  }
  return outputs.map((id) => values.get(id)!);
}
