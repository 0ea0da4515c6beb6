/** What can be said against a rewrite: a bit of a value that changed, a derivative that differs by more than rounding. */
import {
  add,
  allocate,
  fromData,
  type Inputs,
  type MaybeZero,
  type Program,
  pullback,
  replay,
  type Tensor,
  trace,
  vjp,
} from "../../src/index.ts";
import { directions } from "../draw.ts";
import { first, firstChange } from "../laws/numbers.ts";

type TensorMap = (...x: Inputs) => Inputs;

/** A program and where to look at it. */
export interface Subject {
  readonly program: Program;
  readonly x: Inputs;
  readonly seed: number;
  /** float32 somewhere: then sums in another order differ from the seventh digit on. */
  readonly isSingle: boolean;
}

/** What a program has to be the same as, worked out once. */
export class Reference {
  readonly #subject: Subject;
  readonly #orders: number;
  readonly #points: readonly Inputs[];
  readonly #values: readonly Inputs[];
  readonly #jet: readonly Inputs[];
  /** For each order, the largest cotangent that is met on the way: what the rounding errors are relative to. */
  readonly #scales: readonly number[];

  constructor(subject: Subject, orders: number) {
    const { program, x } = subject;
    this.#subject = subject;
    this.#orders = orders;
    // Where there is a NaN or an infinity, much else becomes one: so there are two such points.
    this.#points = [
      x,
      ...[HARD, FINITE].map((values) => x.map((t, k) => filledFrom(values, t, subject.seed + 3 * k))),
    ];
    this.#values = this.#points.map((at) => replay(program, at));
    this.#jet = this.#derivatives(program);
    this.#scales = this.#backwards(program).map(([f, yBar]) => largestCotangent(f, x, yBar));
  }

  /** The first difference, or null. */
  objection(after: Program): string | null {
    const { isSingle } = this.#subject;
    return (
      first(this.#points, (at, which) => {
        const expected = this.#values[which]!;
        const found = first(replay(after, at), (y, k) => firstChange(y, expected[k]!));
        return found === null ? null : `${which === 0 ? "value" : "value at hard numbers"}: ${found}`;
      }) ??
      first(this.#derivatives(after), (derivatives, order) => {
        const expected = this.#jet[order]!;
        const allowed = (isSingle ? 1e-4 : 1e-12) * this.#scales[order]!;
        const found = first(derivatives, (d, k) => firstFurther(d, expected[k]!, allowed));
        return found === null ? null : `derivative of order ${order + 1}: ${found}`;
      })
    );
  }

  /** How many derivatives there are, and how many of them vanish or are no numbers: those prove little. */
  get idle(): readonly [idle: number, all: number] {
    const all = this.#jet.flat().filter((d) => d.size > 0);
    return [
      all.filter(({ data }) => Array.from(data).every((v) => v === 0 || Number.isNaN(v))).length,
      all.length,
    ];
  }

  #derivatives(program: Program): Inputs[] {
    return this.#backwards(program).map(([f, yBar]) => backward(f, yBar)(...this.#subject.x));
  }

  /** What is differentiated, order by order, and along which cotangents. */
  #backwards(program: Program): (readonly [f: TensorMap, yBar: Inputs])[] {
    const { x, seed } = this.#subject;
    const direction = directions(seed, "cotangents");
    const found: (readonly [TensorMap, Inputs])[] = [];
    let f: TensorMap = (...t) => replay(program, t);
    for (let order = 0; order < this.#orders; order++) {
      const yBar = f(...x).map(direction);
      found.push([f, yBar]);
      f = backward(f, yBar);
    }
    return found;
  }
}

function largestCotangent(f: TensorMap, x: Inputs, yBar: Inputs): number {
  let largest = 0;
  const see = (d: MaybeZero): void => {
    for (const v of d?.data ?? []) if (Number.isFinite(v)) largest = Math.max(largest, Math.abs(v));
  };
  pullback(trace(f, x, true), yBar, add, (step) => {
    see(step.yBar);
    for (const d of step.xBar) see(d);
  });
  return largest;
}

/** The first element that is further off than that, or null. */
function firstFurther(actual: Tensor, expected: Tensor, allowed: number): string | null {
  if (actual.dtype !== expected.dtype || `${actual.shape}` !== `${expected.shape}`)
    return `${actual} for ${expected}`;
  for (let i = 0; i < expected.size; i++) {
    const a = actual.data[i]!;
    const e = expected.data[i]!;
    if (Object.is(a, e)) continue;
    // Written so that NaN fails.
    if (!(Math.abs(a - e) <= allowed)) return `${a} for ${e} at ${i}, allowed ${allowed}`;
  }
  return null;
}

/** x̄ = Jᵀ ȳ, as a function of x. */
export function backward(f: TensorMap, yBar: Inputs): TensorMap {
  return (...t) => vjp<Inputs, Inputs>(f, ...t)[1](yBar);
}

/** Numbers that rules are likely to be wrong about. */
const FINITE = [-0, 0, 1, -1e300, 5e-324, -1, 0.1];
const HARD = [Number.NaN, -0, Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, -1];

function filledFrom(values: readonly number[], { shape, dtype, size }: Tensor, start: number): Tensor {
  const data = allocate(dtype, size);
  for (let i = 0; i < size; i++) data[i] = values[(i + start) % values.length]!;
  return fromData(shape, dtype, data);
}
