/** An entry of the cases as a test: a loss at its inputs, held against the value and the gradients that it expects. */
import { expect } from "vitest";
import type { Tensor } from "../../graph/index.ts";
import { valueAndGrad } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { type Case, caseOf, stored } from "../support/fixtures.ts";

export type Tensors = Readonly<Record<string, Tensor>>;

/** By the names that the entry gives its inputs. */
export type Loss = (x: Tensors) => Tensor;

export interface Expected {
  readonly value?: unknown;
  readonly grad: Readonly<Record<string, unknown>>;
}

export interface Entry extends Case {
  readonly dtype: "float64" | "float32";
  /** Those of its inputs that are numbers, or arrays of them. */
  readonly x: Tensors;
}

/** Relative to the largest element; a unit in the last place of float32 is 1.2e-7. */
const TOLERANCE = { float64: 1e-12, float32: 5e-7 } as const;

export function entryOf(kind: string, id: string): Entry {
  const found = caseOf(kind, id);
  const dtype = found.input["dtype"] === "float32" ? "float32" : "float64";
  const numeric = Object.entries(found.input).filter(([, value]) => kindOf(value) !== null);
  const tensors = numeric.map(([name, value]) => {
    return [name, stored(value, kindOf(value) === "boolean" ? "bool" : dtype)] as const;
  });
  return { ...found, dtype, x: Object.fromEntries(tensors) };
}

function kindOf(value: unknown): "number" | "boolean" | null {
  const flat: readonly unknown[] = [value].flat(9);
  return flat.every((v) => typeof v === "number")
    ? "number"
    : flat.every((v) => typeof v === "boolean")
      ? "boolean"
      : null;
}

/**
 * Value and gradients, with respect to whatever the entry has gradients for.
 *
 * @param expected where it is not the entry's own `expected`
 */
export function expectEntry(
  entry: Entry,
  loss: Loss,
  expected: Expected = ownExpected(entry),
  tolerance: number = TOLERANCE[entry.dtype],
): void {
  const leaves = Object.fromEntries(Object.keys(expected.grad).map((name) => [name, entry.x[name]!]));
  const [value, [bars]] = valueAndGrad((x: Tensors) => loss({ ...entry.x, ...x }))(leaves);
  expect(value.dtype, entry.symptom).toBe(entry.dtype);
  if (expected.value !== undefined) {
    const number = Number([expected.value].flat(9)[0]);
    expect(Math.abs(value.item() - number), entry.symptom).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(number)),
    );
  }
  for (const [name, bar] of Object.entries(bars)) {
    expect(bar.dtype, entry.symptom).toBe(entry.dtype);
    expectClose(bar, stored(expected.grad[name], entry.dtype), tolerance);
  }
}

function ownExpected({ expected }: Entry): Expected {
  return { value: expected["value"], grad: expected["grad"] as Expected["grad"] };
}

/** An entry of several losses of one x: the k-th. */
export function expectedOf({ expected }: Entry, name: string, k: number): Expected {
  const grads = expected["grad"] as Readonly<Record<string, unknown>>;
  return { value: (expected["value"] as readonly unknown[])[k], grad: { x: grads[name] } };
}
