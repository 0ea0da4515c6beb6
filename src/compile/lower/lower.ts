/** From a program to steps on memory. */
import { type Node, type Program, sizeOf } from "../../../graph/index.ts";
import { workspaceOf } from "../../../ops/kernels/wasm/product/placed.ts";
import { accessesOf, type Buffer } from "../../../ops/kernels/wasm/sweep/sweep.ts";
import { lieOut, type Touch } from "../layout.ts";
import { type Heir, heirsOf } from "./heirs.ts";
import { type Part, partsOf } from "./part.ts";
import { Plan } from "./plan.ts";
import { type Schedule, type Step, schedule } from "./schedule.ts";

/** Matrices of a product, as they lie. */
export interface Operand {
  readonly buffer: Buffer;
  readonly transposed: boolean;
}

export type LoweredStep =
  | Extract<Step, { kind: "sweeps" }>
  | {
      readonly kind: "product";
      readonly id: number;
      readonly a: Operand;
      readonly b: Operand;
      readonly y: Buffer;
      readonly workspace: Buffer;
      readonly sizes: { readonly m: number; readonly k: number; readonly n: number };
    }
  | {
      readonly kind: "kernel";
      readonly id: number;
      readonly because: string;
      readonly node: Node;
      readonly x: readonly { readonly node: Node; readonly buffer: Buffer }[];
      readonly y: Buffer;
    };

/** What a program has become: addresses count from where its region will be. */
export interface Lowered {
  readonly program: Program;
  readonly steps: readonly LoweredStep[];
  /** One an input; null where nothing reads it. */
  readonly inputs: readonly (Buffer | null)[];
  readonly constants: readonly { readonly node: Node; readonly buffer: Buffer }[];
  /** One an output: where it is, or which input or constant it is. */
  readonly outputs: readonly LoweredOutput[];
  /** Results that take over an input's place, and whether they are written there at once or copied at the end. */
  readonly heirs: readonly Heir[];
  readonly buffers: ReadonlySet<Buffer>;
  /** Whose numbers each holds. */
  readonly names: ReadonlyMap<Buffer, string>;
  readonly bytes: number;
}

export type LoweredOutput =
  | { readonly kind: "buffer"; readonly buffer: Buffer; readonly node: Node }
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly node: Node };

/** @param donated places of inputs whose old numbers are not wanted any more once it has run */
export function lower(program: Program, donated: ReadonlySet<number> = NOBODY): Lowered {
  const parts = partsOf(program);
  // What several sweeps would compute for themselves is known when they are; what of it is dear is stored then.
  const first = planned(program, parts, []);
  const dear = first.plan.dear(first.schedule.shared);
  const { plan, schedule, buffers } = dear.length === 0 ? first : planned(program, parts, dear);
  const { nodes, inputs, outputs } = program;
  const steps = schedule.steps.map((step) => loweredStep(step, plan, buffers));
  // What is returned may be a view of an input or a constant that nothing else reads.
  const loweredOutputs = outputs.map((id): LoweredOutput => {
    const root = plan.rootOf(id);
    const part = parts.get(root)!;
    const node = nodes[id]!;
    if (root === id && part.kind === "input") return { kind: "input", index: part.index };
    if (root === id && part.kind === "constant") return { kind: "constant", node };
    return { kind: "buffer", buffer: buffers.of(root), node };
  });
  const inputBuffers = inputs.map((id) => buffers.known(id));
  const constants = Object.keys(nodes)
    .map(Number)
    .filter((id) => parts.get(id)!.kind === "constant" && buffers.known(id) !== null)
    .map((id) => ({ node: nodes[id]!, buffer: buffers.of(id) }));
  const heirs = heirsOf(donated, inputBuffers, loweredOutputs, steps);
  const inPlace = new Map(heirs.flatMap((heir) => (heir.isInPlace ? [[heir.from, heir.to]] : [])));
  const kept = [
    ...inputBuffers,
    ...constants.map(({ buffer }) => buffer),
    ...loweredOutputs.map((output) => (output.kind === "buffer" ? output.buffer : null)),
  ].filter((buffer): buffer is Buffer => buffer !== null);
  const touches = steps.map(touched);
  const beyond = Math.max(0, ...steps.map(beyondOf));
  const bytes = lieOut(touches, kept, inPlace) + beyond;
  return {
    program,
    steps,
    inputs: inputBuffers,
    constants,
    outputs: loweredOutputs,
    heirs,
    names: buffers.names(),
    buffers: new Set([...kept, ...touches.flat().map(({ buffer }) => buffer)]),
    bytes,
  };
}

const NOBODY: ReadonlySet<number> = new Set();

class Buffers {
  readonly #program: Program;
  readonly #plan: Plan;
  readonly #known = new Map<number, Buffer>();

  constructor(program: Program, plan: Plan) {
    this.#program = program;
    this.#plan = plan;
  }

  of = (id: number): Buffer => {
    const root = this.#plan.rootOf(id);
    let buffer = this.#known.get(root);
    if (buffer === undefined) {
      const { dtype, shape } = this.#program.nodes[root]!;
      buffer = { dtype, size: sizeOf(shape), address: 0 };
      this.#known.set(root, buffer);
    }
    return buffer;
  };

  names(): ReadonlyMap<Buffer, string> {
    const names = [...this.#known].map(
      ([id, buffer]) => [buffer, this.#program.nodes[id]!.name ?? `%${id}`] as const,
    );
    return new Map(names);
  }

  known(id: number): Buffer | null {
    return this.#known.get(id) ?? null;
  }
}

interface Planned {
  readonly plan: Plan;
  readonly schedule: Schedule;
  readonly buffers: Buffers;
}

function planned(program: Program, parts: ReadonlyMap<number, Part>, also: readonly number[]): Planned {
  const plan = new Plan(program, parts, also);
  const buffers = new Buffers(program, plan);
  const running = (size: number): Buffer => ({ dtype: "float64", size, address: 0 });
  return { plan, buffers, schedule: schedule(plan, buffers.of, running) };
}

function loweredStep(step: Step, plan: Plan, buffers: Buffers): LoweredStep {
  if (step.kind === "sweeps") return step;
  const node = plan.node(step.id);
  const y = buffers.of(step.id);
  if (step.kind === "product") {
    const [a, b] = node.parents.map((p): Operand => {
      const { id, transposed } = plan.operand(p);
      return { buffer: buffers.of(id), transposed };
    }) as [Operand, Operand];
    const [m, n] = node.shape as [number, number];
    const sizes = { m, k: plan.node(node.parents[0]!).shape[1]!, n };
    const { bytes } = workspaceOf(sizes, node.dtype === "float64" ? 8 : 4);
    const workspace: Buffer = { dtype: "bool", size: bytes, address: 0 };
    return { kind: "product", id: step.id, a, b, y, workspace, sizes };
  }
  const part = plan.part(step.id);
  const x = node.parents.map((p) => ({ node: plan.node(p), buffer: buffers.of(p) }));
  return { kind: "kernel", id: step.id, because: part.kind === "kernel" ? part.because : "", node, x, y };
}

function touched(step: LoweredStep): readonly Touch[] {
  if (step.kind === "kernel") return [...step.x.map(({ buffer }) => ({ buffer })), { buffer: step.y }];
  if (step.kind === "product") {
    const { a, b, y, workspace } = step;
    const spill = beyondOf(step);
    return [{ buffer: a.buffer }, { buffer: b.buffer }, { buffer: y, spill }, { buffer: workspace }];
  }
  return step.nest.flatMap((sweep) => [
    ...accessesOf(sweep).map(({ buffer }) => ({ buffer })),
    ...sweep.folds.flatMap(({ running }) => (running === null ? [] : [{ buffer: running }])),
  ]);
}

function beyondOf(step: LoweredStep): number {
  if (step.kind !== "product") return 16;
  return workspaceOf(step.sizes, step.y.dtype === "float64" ? 8 : 4).beyond;
}
