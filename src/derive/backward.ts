import { freeze } from "immer";
import {
  allocate,
  bind,
  fromData,
  type Inputs,
  inOrder,
  isFloat,
  type Node,
  named,
  type Program,
  programOf,
  pullback,
  scalar,
  type Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import { labelsOf } from "../../graph/print/program/labels.ts";
import { add } from "../../ops/index.ts";
import { stream } from "../random/stream.ts";
import type { Titled } from "./notation/equations.ts";

/** The walk back over a program, as a program: from inputs, and cotangents for the outputs, to cotangents of the inputs. */
export interface Backward {
  readonly program: Program;
  /** The cotangent of each node, in the order of the walk; those of the inputs last. */
  readonly bars: readonly Titled[];
  /** How many of them, at the end, are the inputs'. */
  readonly inputBars: number;
  /** The program's ids of the forward program's nodes. */
  readonly idOf: ReadonlyMap<number, number>;
  /** Numbers for its inputs: those of the forward program, and a cotangent for each output that is no plain number. */
  readonly inputs: readonly Tensor[];
}

/** What each node is called: its name, v7 for node 7, y for a nameless result. */
export function namesOf(program: Program): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const { of, numbers } = labelsOf(program);
  const taken = new Set(of.values());
  for (const [id, label] of of) if (!numbers.has(id)) names.set(id, label);
  const nameless = program.outputs.filter(
    (id) => program.nodes[id]!.op !== null && program.nodes[id]!.name === null,
  );
  nameless.forEach((id, k) => {
    const wanted = nameless.length === 1 ? "y" : `y${k + 1}`;
    if (!taken.has(wanted)) names.set(id, wanted);
  });
  return names;
}

/**
 * Walk a program back, and write down what the walk does.
 *
 * A scalar is given the cotangent 1, so that what comes out is its gradient; other outputs get a cotangent that is an
 * input of the new program.
 */
export function backwardOf(forward: Program, names: ReadonlyMap<number, string>): Backward {
  const { nodes, inputs, outputs } = forward;
  const ids = Object.keys(nodes).map(Number);
  // Constants are leaves too while this is written down, so that each is one node.
  const sources = [...inputs, ...ids.filter((id) => nodes[id]!.op === null && !inputs.includes(id))];
  // What was returned may be read as well: then its cotangent is another than the one that is given.
  const taken = new Map<string, number>();
  const seeds = outputs.map((id, k): Tensor => {
    const { shape, dtype } = nodes[id]!;
    if (shape.length === 0) return scalar(1, dtype);
    return named(drawn(nodes[id]!, k), unique(barOf(names, id), sources.length + k, taken));
  });
  const idOf = new Map(sources.map((id, k) => [id, k]));
  const bars: Titled[] = [];
  const inputBars: Titled[] = [];
  const tape = trace(
    (...leaves) => {
      const given = leaves.slice(0, sources.length);
      const { inner, forwardOf } = retraced(forward, names, sources, given, idOf);
      const yBar = outputs.map((id, k) => (isFloat(nodes[id]!.dtype) ? leaves[sources.length + k]! : null));
      const xBar = pullback(inner, yBar, add, (at) => {
        const of = forwardOf.get(at.index);
        if (of !== undefined) bars.push(titled(at.yBar, barOf(names, of), taken));
      });
      const floats = inputs.flatMap((id, k) => (isFloat(nodes[id]!.dtype) ? [{ id, bar: xBar[k]! }] : []));
      for (const { id, bar } of floats) {
        const label = barOf(names, id);
        inputBars.push(bar === null ? { label, id: null } : titled(bar, label, taken));
      }
      return floats.flatMap(({ bar }) => (bar === null ? [] : [bar]));
    },
    [...sources.map((id) => nodes[id]!.value), ...seeds],
    false,
  );
  const yBars = seeds.flatMap(({ rank }, k) => (rank === 0 ? [] : [sources.length + k]));
  const program = withInputs(programOf(tape), [...inputs.keys(), ...yBars], sources.length);
  return {
    program,
    bars: [...bars, ...inputBars],
    inputBars: inputBars.length,
    idOf,
    inputs: program.inputs.map((id) => program.nodes[id]!.value),
  };
}

/** The program run on an inner tape, under its nodes' names; which of its nodes is which on that tape. */
function retraced(
  { nodes, inputs, outputs }: Program,
  names: ReadonlyMap<number, string>,
  sources: readonly number[],
  leaves: Inputs,
  idOf: Map<number, number>,
): { readonly inner: Trace; readonly forwardOf: ReadonlyMap<number, number> } {
  const forwardOf = new Map<number, number>();
  const inner = trace(
    (...x) => {
      const values = new Map(sources.map((id, k) => [id, x[k] ?? leaves[k]!]));
      for (const id of inOrder({ nodes })) {
        const { op, params, parents } = nodes[id]!;
        if (op === null) continue;
        const applied = bind(
          op,
          parents.map((p) => values.get(p)!),
          params,
        );
        const name = names.get(id);
        const y = name === undefined ? applied : named(applied, name);
        values.set(id, y);
        const { place } = y;
        const isInner = place !== null && place.primal.place !== null;
        if (isInner) forwardOf.set(place.index, id);
        const outer = isInner ? place.primal.place : place;
        if (outer !== null) idOf.set(id, outer.index);
      }
      return outputs.map((id) => values.get(id)!);
    },
    leaves.slice(0, inputs.length),
    true,
  );
  return { inner, forwardOf };
}

/** A cotangent's node goes by the first name that it is given. */
function titled(bar: Tensor, wanted: string, taken: Map<string, number>): Titled {
  const { tape, index } = bar.place!;
  const label = unique(wanted, index, taken);
  if (tape.nodes[index]!.name === null && tape.nodes[index]!.op !== null) named(bar, label);
  return { label, id: index };
}

/** `yBar`, or `yBar_2` where that is another node's. */
function unique(wanted: string, id: number, taken: Map<string, number>): string {
  let label = wanted;
  for (let copy = 2; taken.has(label) && taken.get(label) !== id; copy++) label = `${wanted}_${copy}`;
  taken.set(label, id);
  return label;
}

function barOf(names: ReadonlyMap<number, string>, id: number): string {
  return `${names.get(id) ?? `v${id}`}Bar`;
}

/** Leaves that are no inputs are constants again: those of the program, and the cotangents of plain numbers. */
function withInputs(program: Program, inputs: readonly number[], sources: number): Program {
  const nodes = { ...program.nodes };
  for (const id of program.inputs) {
    const node = nodes[id]!;
    if (!inputs.includes(id)) nodes[id] = { ...node, isActive: false, name: id < sources ? node.name : null };
  }
  return freeze({ nodes, inputs, outputs: program.outputs }, true);
}

/** Any cotangent will do: what is derived holds for all. */
function drawn({ shape, dtype, value }: Node, k: number): Tensor {
  const numbers = stream(1, "cotangents", k);
  const data = allocate(dtype, value.size);
  for (let i = 0; i < data.length; i++) data[i] = numbers.gaussian();
  return fromData(shape, dtype, data);
}
