/**
 * Random programs over all ops that there are: each op at its own samples, with what was computed before let in.
 *
 * The first steps of a program do not depend on how many follow, so that a failure shrinks by leaving out the last.
 */
import fc from "fast-check";
import * as ops from "../../ops/index.ts";
import {
  ALGEBRA_RULES,
  type AlgebraLaw,
  type AnyPrimitive,
  add,
  bind,
  broadcastTo,
  cast,
  type DType,
  filled,
  greater,
  type Inputs,
  isFloat,
  jvp,
  mean,
  mul,
  REASSOCIATION_RULES,
  reshape,
  type Shape,
  sameShape,
  sizeOf,
  stretchesTo,
  sum,
  sumTo,
  type Tensor,
  tanh,
  transpose,
  vjp,
  where,
  ZERO_RULES,
} from "../../src/index.ts";
import { type Stream, stream } from "../../src/random/stream.ts";
import { directions, drawing } from "../draw.ts";
import { type AnySample, applied as appliedAt, hasDerivative, owned } from "../laws/application.ts";
import { TEMPTATIONS } from "./temptations.ts";

export interface RandomProgram {
  readonly seed: number;
  readonly x: Inputs;
  readonly f: (...x: Inputs) => Inputs;
  /** What was applied, by name. */
  readonly steps: readonly string[];
}

interface Step {
  readonly name: string;
  /** From the inputs and the results of the steps before. */
  run(pool: Inputs): Tensor;
}

/** Every op that is exported: a new one takes part because it is there. */
export const OP_NAMES: readonly string[] = Object.values<unknown>(ops)
  .filter(isPrimitive)
  .map(({ name }) => name);

interface Sampled {
  readonly op: AnyPrimitive;
  readonly samples: readonly AnySample[];
}

const SAMPLED: readonly Sampled[] = Object.values<unknown>(ops)
  .filter(isPrimitive)
  .map((op) => ({ op, samples: op.samples(drawing(7, op.name)) }));

/** Ops through which some derivative flows, and those through which none does: they would end most programs in 0. */
const [SMOOTH, DISCRETE] = [SAMPLED.filter(isSmooth), SAMPLED.filter((sampled) => !isSmooth(sampled))];

function isSmooth({ op, samples }: Sampled): boolean {
  return samples.some((sample) => {
    const at = appliedAt(op, sample);
    if (!hasDerivative(at)) return false;
    const xBar = vjp<Inputs, Inputs>(at.f, ...at.floats)[1]([filled(at.y.shape, at.y.dtype, 1)]);
    return xBar.some(({ data }) => Array.from(data).some((v) => v !== 0));
  });
}

function isPrimitive(value: unknown): value is AnyPrimitive {
  return typeof value === "object" && value !== null && "kernel" in value && "vjp" in value;
}

type Bait = Pick<AlgebraLaw, "before" | "inputs" | "dtype"> & { readonly name: string };

/** What the rules of algebra look for, so that each of them has something to do, and what it would be wrong to simplify. */
const BAIT: readonly Bait[] = [
  ...[...ALGEBRA_RULES, ...ZERO_RULES, ...REASSOCIATION_RULES].flatMap(({ name, laws }) =>
    laws.map((law) => ({ ...law, name })),
  ),
  ...TEMPTATIONS.map((before): Bait => ({ before, inputs: 1, name: `${before}` })),
  {
    name: "turned twice",
    inputs: [[2, 2, 2]],
    before: (x) => transpose(transpose(x!, [1, 2, 0]), [1, 2, 0]),
  },
];

const INPUT_SHAPES: readonly Shape[] = [[], [3], [2, 3], [2, 1], [1, 3], [2, 3, 2], [4], [1]];
const LARGEST = 100;

/** Programs that shrink: by their number of steps. */
export const arbitraryProgram: fc.Arbitrary<RandomProgram> = fc
  .tuple(fc.noShrink(fc.nat()), fc.integer({ min: 3, max: 15 }))
  .map(([seed, length]) => randomProgram(seed, length));

export function randomProgram(seed: number, length: number): RandomProgram {
  const from = stream(seed, "program");
  const dtype: DType = from.uniform() < 0.8 ? "float64" : "float32";
  const direction = directions(seed, "inputs");
  // An empty one only beside others: everything that is computed from it alone is a constant.
  const x = Array.from({ length: 1 + from.integer(3) }, (_, k) =>
    direction({ shape: oneOf(from, k === 0 ? INPUT_SHAPES : [...INPUT_SHAPES, [0, 3]]), dtype }),
  );
  const steps: Step[] = [];
  const pool = [...x];
  for (let tries = 0; steps.length < length && tries < 10 * length; tries++) {
    const step = drawn(stream(seed, "step", tries), dtype, pool, steps);
    const y = tried(step, pool);
    if (y === null) continue;
    steps.push(step);
    pool.push(y);
  }
  const all = (...t: Inputs): Inputs => {
    const values = [...t];
    for (const step of steps) values.push(step.run(values));
    return values;
  };
  // Mostly what moves when the inputs do: else there is nothing to differentiate.
  const [, tangents] = jvp<Inputs, Inputs>((...t) => floats(all(...t)), x, x.map(direction));
  const moving = tangents.filter(({ data }) => Array.from(data).some((v) => v !== 0));
  const candidates = [...pool.keys()].filter((k) => isFloat(pool[k]!.dtype));
  const alive = candidates.filter((_, i) => moving.includes(tangents[i]!));
  const last = stream(seed, "outputs", steps.length);
  const returned = Array.from({ length: 1 + last.integer(4) }, () => {
    const from = last.uniform() < 0.9 && alive.length > 0 ? alive : candidates;
    return from[Math.floor(from.length * Math.sqrt(last.uniform()))]!;
  });
  return {
    seed,
    x,
    f(...t) {
      const values = all(...t);
      return returned.map((k) => values[k]!);
    },
    steps: steps.map(({ name }) => name),
  };
}

function floats(values: Inputs): Inputs {
  return values.filter(({ dtype }) => isFloat(dtype));
}

/** The step's result; null where it cannot be taken, or gives numbers that would drown all others. */
function tried(step: Step, pool: Inputs): Tensor | null {
  const y = step.run(pool);
  for (const v of y.data) if (!(Math.abs(v) <= LARGEST)) return null;
  return y;
}

function drawn(from: Stream, dtype: DType, pool: Inputs, steps: readonly Step[]): Step {
  const kind = from.uniform();
  if (kind < 0.1 && steps.length > 0) {
    const again = oneOf(from, steps);
    return { name: `${again.name} again`, run: again.run };
  }
  return kind < 0.4 ? bait(from, dtype, pool) : applied(from, dtype, pool);
}

/** The left side of a rule, right or wrong, on what is there. */
function bait(from: Stream, dtype: DType, pool: Inputs): Step {
  const { name, before, inputs, dtype: kind } = oneOf(from, BAIT);
  const own = pool[floatOf(from, dtype, pool)]!.shape;
  const shapes: readonly Shape[] =
    typeof inputs === "number" ? Array.from({ length: inputs }, () => own) : inputs;
  const picks = shapes.map((shape) => ({ shape, k: floatOf(from, dtype, pool) }));
  return {
    name,
    run(values) {
      const t = picks.map(({ shape, k }) => fitted(values[k]!, shape));
      const y = before(...(kind === "bool" ? t.map((u) => greater(u, 0)) : t));
      // A bool goes on as a choice: by itself nobody would read it.
      if (y.dtype === "bool") return where(y, t[0]!, 0);
      return isFloat(y.dtype) ? cast(y, dtype) : y;
    },
  };
}

/** An op at one of its samples: of each input some is let in, the sample itself stands, or it is made of what is there. */
function applied(from: Stream, dtype: DType, pool: Inputs): Step {
  const { op, samples } = oneOf(from, from.uniform() < 0.15 ? DISCRETE : SMOOTH);
  const sample = oneOf(from, samples);
  const picks = sample.x.map((t) => {
    const constant = owned(t, isFloat(t.dtype) ? dtype : t.dtype);
    const copy = owned(t, constant.dtype);
    return { constant, copy, k: floatOf(from, dtype, pool), how: from.uniform() };
  });
  return {
    name: op.name,
    run(values) {
      const x = picks.map(({ constant, copy, k, how }) => {
        const t = values[k]!;
        const { shape } = constant;
        if (constant.dtype === "bool") return how < 0.5 ? constant : greater(fitted(t, shape), 0);
        // An index has to stay within bounds: it is the sample's, either way.
        if (constant.dtype === "int32")
          return how < 0.5 ? constant : where(greater(sum(t), 0), constant, copy);
        if (how < 0.15) return constant;
        // In the op's own domain: near its sample.
        if (how < 0.6) return add(constant, mul(0.03, tanh(fitted(t, shape))));
        return fitted(t, shape);
      });
      const y = bind(op, x, sample.params);
      return isFloat(y.dtype) ? cast(y, dtype) : y;
    },
  };
}

/** The same numbers in another shape, or few of them for many, or many for few. */
function fitted(t: Tensor, shape: Shape): Tensor {
  if (sameShape(t.shape, shape)) return t;
  if (t.rank === 2 && sameShape([...t.shape].reverse(), shape)) return transpose(t);
  if (t.size === sizeOf(shape)) return reshape(t, shape);
  if (stretchesTo(t.shape, shape)) return broadcastTo(t, shape);
  if (stretchesTo(shape, t.shape)) return sumTo(t, shape);
  return broadcastTo(t.size === 0 ? sum(t) : mean(t), shape);
}

/** One of the pool that is of this dtype, and hardly ever empty. */
function floatOf(from: Stream, dtype: DType, pool: Inputs): number {
  for (let tries = 0; tries < 10; tries++) {
    const k = recent(from, pool.length);
    if (pool[k]!.dtype === dtype && (pool[k]!.size > 0 || from.uniform() < 0.1)) return k;
  }
  return 0;
}

/** Later ones more often, so that one thing comes out of another; but the inputs, which come first, too. */
function recent(from: Stream, n: number): number {
  return from.uniform() < 0.2 ? from.integer(Math.min(n, 3)) : Math.floor(n * Math.sqrt(from.uniform()));
}

function oneOf<T>(from: Stream, items: readonly T[]): T {
  return items[from.integer(items.length)]!;
}
