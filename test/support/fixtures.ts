/** Reading what is kept in test/fixtures. */
import { readFileSync } from "node:fs";
import { allocate, type DType } from "../../graph/dtype.ts";
import { sizeOf } from "../../graph/shape.ts";
import { fromData, type Tensor } from "../../graph/tensor.ts";

/** How arrays are kept: row-major, shortest round-trip decimals. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export function courseFixture<T>(name: string): T {
  return parsed(`cs231n/${name}.json`) as T;
}

/** The entries of a kind of wrong result that other frameworks' users met. */
export function cases(kind: string): readonly Case[] {
  return parsed(`cases/${kind}.json`) as readonly Case[];
}

export interface Case {
  readonly id: string;
  readonly symptom: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** One entry, by its id. */
export function caseOf(kind: string, id: string): Case {
  const found = cases(kind).find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`no case ${id} of kind ${kind}`);
  return found;
}

function parsed(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8"));
}

/** A stored array, or nested arrays of numbers, booleans and the words NaN, Infinity, -Infinity, as a tensor. */
export function stored(value: unknown, dtype: DType = "float64"): Tensor {
  const isStored = typeof value === "object" && value !== null && "data" in value;
  const shape = isStored ? (value as StoredArray).shape : shapeOf(value);
  const flat = (isStored ? (value as StoredArray).data : [value]).flat(9) as readonly unknown[];
  const data = allocate(dtype, sizeOf(shape));
  flat.forEach((v, i) => {
    data[i] = Number(v);
  });
  return fromData(shape, dtype, data);
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}
