/** A layer at a point, with one random cotangent: what an invariance is checked on. */
import { listed } from "../../../graph/errors.ts";
import {
  ArgumentError,
  type Axes,
  AxisError,
  describe,
  filled,
  fromData,
  type Inputs,
  isFloat,
  type MaybeZero,
  pullback,
  type Shape,
  sizeOf,
  type Tensor,
  trace,
} from "../../../graph/index.ts";
import { add } from "../../../ops/index.ts";
import { stream } from "../../random/stream.ts";
import { outputsOf, type Subject } from "../subject.ts";

/** An input by its position, or by the name of its tensor; as a report calls it. */
export type InputRef = number | string;

/** A function's value, and its gradients for one cotangent. */
export interface Run {
  readonly y: Inputs;
  /** One for each input; zeros where none came back. */
  readonly xBar: Inputs;
}

export interface At extends Run {
  readonly x: Inputs;
  readonly names: readonly string[];
  readonly yBar: Inputs;
  /** Only the value. */
  value(x: Inputs): Inputs;
  run(x: Inputs, yBar: Inputs): Run;
  /** Gaussian numbers, the same for the same label. */
  draw(shape: Shape, label: string): Tensor;
  /** @throws ArgumentError where there is no such input, or it is not float and has to be */
  place(of: InputRef, kind?: "float" | "any"): number;
}

export function at(subject: Subject, seed: number, pair: number): At {
  const { f, leaves: x, names } = subject;
  const draw = (shape: Shape, label: string): Tensor => gaussians(shape, seed, pair, label);
  const y = outputsOf(trace(f, x, true));
  const yBar = y.map((t, i) => draw(t.shape, `cotangent ${i}`));
  const run: At["run"] = (moved, bars) => runOf(f, moved, bars);
  const place: At["place"] = (of, kind) => placeOf(subject, of, kind);
  return { x, names, yBar, value: (t) => f(...t), run, draw, place, ...run(x, yBar) };
}

function runOf(f: Subject["f"], x: Inputs, yBar: Inputs): Run {
  const tape = trace(f, x, true);
  const y = outputsOf(tape);
  const back = pullback(tape, yBar, add);
  return { y, xBar: back.map((t, k) => t ?? zerosOf(x, k)) };
}

export function gaussians(shape: Shape, seed: number, ...labels: readonly (string | number)[]): Tensor {
  const from = stream(seed, "invariances", ...labels);
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = from.gaussian();
  return fromData(shape, "float64", data);
}

/**
 * An input as an invariance names it, looked at when it is declared.
 *
 * @throws ArgumentError for what is neither a position nor a name
 */
export function checkedRef(op: string, of: InputRef): InputRef {
  if ((typeof of === "string" && of !== "") || (Number.isInteger(of) && (of as number) >= 0)) return of;
  throw new ArgumentError(op, "an input by its position or its name", describe(of));
}

/**
 * Axes, looked at as far as they can be before there is a tensor.
 *
 * @throws AxisError for what is neither an integer nor an array of integers
 */
export function checkedAxes(op: string, axes: Axes): Axes {
  const given: readonly unknown[] = Array.isArray(axes) ? [...axes] : [axes];
  if (given.every(Number.isInteger)) return axes;
  throw new AxisError(
    op,
    "an axis or an array of axes",
    Array.isArray(axes) ? listed(given) : describe(axes),
  );
}

/** The same inputs with one of them replaced. */
export function replaced(x: Inputs, k: number, by: Tensor): Inputs {
  return x.map((t, i) => (i === k ? by : t));
}

function zerosOf(x: Inputs, k: number): Tensor {
  return filled(x[k]!.shape, "float64", 0);
}

function placeOf({ leaves, names }: Subject, of: InputRef, kind = "float"): number {
  const k = typeof of === "number" ? of : names.indexOf(of);
  const found: MaybeZero = leaves[k] ?? null;
  if (found === null || (kind === "float" && !isFloat(found.dtype))) {
    const floats = names.filter((_, i) => isFloat(leaves[i]!.dtype));
    const expected = `an input by its position, or one of the float inputs ${floats.join(", ")}`;
    throw new ArgumentError("invariances", expected, describe(of), 'name a tensor by named(tensor, "gamma")');
  }
  return k;
}
