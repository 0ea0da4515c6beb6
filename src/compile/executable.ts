/** A program in memory: its code, its constants, and how to run it. */
import { allocate, type Data, type DType, type Shape, sizeOf, Tensor } from "../../graph/index.ts";
import type { Buffer } from "../../ops/kernels/wasm/sweep/sweep.ts";
import { type Arena, type Region, SHIFT } from "./arena.ts";
import { assembled } from "./assembled.ts";
import { Latest } from "./latest.ts";
import { type Heir, isReturned, writes } from "./lower/heirs.ts";
import type { Lowered, LoweredOutput } from "./lower/lower.ts";
import { Resident, residentOf, residentTensor } from "./resident.ts";

/** What has no other reference than this may give its memory back. */
const regions = new FinalizationRegistry<{ readonly arena: Arena; readonly region: Region }>(
  ({ arena, region }) => arena.release(region),
);

/** Below this many numbers a loop beats a call that copies. */
const FEW = 16;

export class Executable {
  readonly lowered: Lowered;
  readonly region: Region;
  readonly #arena: Arena;
  readonly #run: readonly (() => void)[];
  /** What was last copied into an input's place: the same numbers need not be copied again. */
  readonly #latest: readonly Latest[];
  /** For each output, the input whose place it takes; or null. */
  readonly #heirs: readonly (Heir | null)[];
  /** For each input, the result that is in its place. */
  readonly #occupants: (Resident | null)[];
  readonly #donated: ReadonlySet<number>;
  /** How many steps come before the first that writes a result over an input. */
  readonly #harmless: number;

  constructor(op: string, lowered: Lowered, donated: ReadonlySet<number>, arena: Arena) {
    this.lowered = lowered;
    const { inputs, outputs } = lowered;
    this.#donated = new Set([...donated].filter((k) => !isReturned(k, inputs[k] ?? null, outputs)));
    this.#arena = arena;
    this.region = arena.reserve(op, lowered.bytes);
    regions.register(this, { arena, region: this.region });
    for (const buffer of lowered.buffers) buffer.address += this.region.address;
    for (const { node, buffer } of lowered.constants) this.#write(buffer, node.value);
    const { run, callOf } = assembled(lowered.steps, arena);
    this.#run = run;
    const writing = lowered.steps.findIndex((step) =>
      lowered.heirs.some(({ from, isInPlace }) => isInPlace && writes(step, from)),
    );
    this.#harmless = writing < 0 ? run.length : callOf[writing]!;
    this.#latest = lowered.inputs.map(() => new Latest());
    this.#occupants = lowered.inputs.map(() => null);
    this.#heirs = lowered.outputs.map((_, k) => lowered.heirs.find(({ output }) => output === k) ?? null);
  }

  /** Results for inputs that are like the traced ones. */
  run(x: readonly Tensor[]): Tensor[] {
    const { inputs, outputs } = this.lowered;
    if (this.#donated.size > 0) this.#settle(x);
    else {
      for (let k = 0; k < inputs.length; k++) {
        const buffer = inputs[k]!;
        if (buffer !== null) this.#take(k, buffer, x[k]!);
      }
    }
    this.#carryOut(x);
    const results = new Array<Tensor>(outputs.length);
    for (let k = 0; k < outputs.length; k++) {
      const heir = this.#heirs[k]!;
      results[k] = heir === null ? this.#result(outputs[k]!, x) : this.#inherited(outputs[k]!, heir);
    }
    return results;
  }

  /**
   * As `#take`, for all inputs, where results may be in the places of some: what is where it belongs stays, what is
   * elsewhere is read before anything is written, and what would be written over is kept for whoever has it.
   */
  #settle(x: readonly Tensor[]): void {
    const { inputs } = this.lowered;
    const known = x.map(({ storage }) => residentOf(storage));
    const isHome = (k: number): boolean =>
      known[k] !== null && known[k]!.executable === this && known[k]!.input === k && known[k]!.isThere;
    const moving = inputs.map((buffer, k) => (buffer === null || isHome(k) ? null : (x[k]!.data as Data)));
    for (let k = 0; k < inputs.length; k++) {
      const occupant = this.#occupants[k]!;
      if (moving[k] === null || occupant === null) continue;
      occupant.keep();
      this.#occupants[k] = null;
      this.#latest[k]!.forget();
    }
    for (let k = 0; k < inputs.length; k++) if (moving[k] !== null) this.#take(k, inputs[k]!, x[k]!);
  }

  #carryOut(x: readonly Tensor[]): void {
    const steps = this.#run;
    let begun = 0;
    try {
      while (begun < steps.length) steps[begun++]!();
    } catch (refusal) {
      // An op's own kernel may refuse its inputs. Before a result is written over an input, nothing is lost.
      if (begun > this.#harmless) this.#giveAway(x);
      throw refusal;
    }
    this.#giveAway(x);
  }

  #giveAway(x: readonly Tensor[]): void {
    for (const k of this.#donated) {
      residentOf(x[k]!.storage)?.giveAway();
      this.#occupants[k] = null;
      this.#latest[k]!.forget();
    }
  }

  #take(k: number, buffer: Buffer, x: Tensor): void {
    const data = x.data as Data;
    if (buffer.size > 256) {
      const latest = this.#latest[k]!;
      if (latest.is(data)) return;
      latest.set(data);
    }
    this.#copyIn(buffer, data);
  }

  #write(buffer: Buffer, { data }: Tensor): void {
    this.#copyIn(buffer, data as Data);
  }

  #copyIn({ dtype, size, address }: Buffer, data: Data): void {
    const view = this.#arena.views[dtype];
    const start = address >> SHIFT[dtype];
    if (size > FEW) view.set(data, start);
    else for (let i = 0; i < size; i++) view[start + i] = data[i]!;
  }

  #result(output: LoweredOutput, x: readonly Tensor[]): Tensor {
    if (output.kind === "input") return x[output.index]!;
    if (output.kind === "constant") return output.node.value;
    const { shape, dtype } = output.node;
    return new Tensor(shape, dtype, this.#copyOut(output.buffer, shape, dtype));
  }

  /** A result that stays where it is: the next call may take it from there. */
  #inherited(output: LoweredOutput, { input, from, to, isInPlace }: Heir): Tensor {
    if (output.kind !== "buffer") throw new RangeError("only what is computed inherits a place");
    const { shape, dtype } = output.node;
    if (!isInPlace) {
      const bytes = this.#arena.views.bool;
      const size = from.size << SHIFT[from.dtype];
      bytes.copyWithin(to.address, from.address, from.address + size);
    }
    const resident = new Resident(this, input, () => this.#copyOut(to, shape, dtype));
    this.#occupants[input] = resident;
    return residentTensor(shape, dtype, resident);
  }

  #copyOut({ address }: Buffer, shape: Shape, dtype: DType): Data {
    const size = sizeOf(shape);
    const view = this.#arena.views[dtype];
    const start = address >> SHIFT[dtype];
    if (size > 4096) return view.slice(start, start + size);
    const data = allocate(dtype, size);
    if (size > FEW) data.set(view.subarray(start, start + size));
    else for (let i = 0; i < size; i++) data[i] = view[start + i]!;
    return data;
  }
}
