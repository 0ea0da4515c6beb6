import {
  type AnyPrimitive,
  bind,
  fromData,
  isFloat,
  type NdArray,
  named,
  sizeOf,
  type Tensor,
} from "../../graph/index.ts";
import * as ops from "../../ops/index.ts";
import { drawFrom } from "../random/draw.ts";
import { UsageError } from "./command.ts";
import type { Library } from "./load.ts";
import { nearest } from "./nearest.ts";
import { parameterNames } from "./parameterNames.ts";

/** An op that can be called by name. */
export interface Entry {
  readonly name: string;
  /** Null for a composition. */
  readonly op: AnyPrimitive | null;
  example(seed: number): Example;
}

/** Inputs to show an op on, and its parameters there: one of its samples. */
export interface Example {
  readonly x: readonly Tensor[];
  readonly params: unknown;
  /** The op as a function of tensors, called as the op is. */
  readonly f: (...x: Tensor[]) => Tensor;
}

/**
 * Every primitive that the library exports, and the composition behind each fused op: `batchNorm` is what
 * `fusedBatchNorm` has to agree with.
 */
export function entries(): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const op of Object.values<unknown>(ops)) {
    if (!isPrimitive(op)) continue;
    found.set(op.name, entryOf(op.name, op, op));
    const composition = /^fused([A-Z].*)$/.exec(op.name)?.[1];
    if (composition !== undefined && isFused(op)) {
      const name = composition[0]!.toLowerCase() + composition.slice(1);
      found.set(name, entryOf(name, op, null));
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @throws UsageError, with the names that may have been meant. */
export function entryNamed(name: string): Entry {
  const all = entries();
  const entry = all.get(name);
  if (entry !== undefined) return entry;
  const near = nearest(name, [...all.keys()]);
  const advice = near.length > 0 ? `did you mean ${near.join(", ")}?` : "`wengert ops` lists them";
  throw new UsageError(`no op is called '${name}'; ${advice}`);
}

/**
 * @param record where the samples come from
 * @param op the record, or null for the composition behind it
 * @param library the copy that the record was made with
 */
export function entryOf(
  name: string,
  record: AnyPrimitive,
  op: AnyPrimitive | null,
  library: Pick<Library, "bind" | "fromData" | "named"> = { bind, fromData, named },
): Entry {
  return {
    name,
    op,
    example(seed) {
      const exported: Readonly<Record<string, unknown>> = ops;
      const samples = record.samples(drawFrom(seed));
      const { x, params } = mostTelling(samples);
      const takesAnyNumber = samples.some((sample) => sample.x.length !== x.length);
      const names = takesAnyNumber ? x.map((_, k) => `x${k + 1}`) : parameterNames(exported[name], x.length);
      const apply = (t: Tensor[]): Tensor =>
        op === null && isFused(record) ? record.reference(t, params) : library.bind(record, t, params);
      const { [name]: f } = { [name]: (...t: Tensor[]) => apply(t) };
      return {
        x: x.map((t: NdArray, k) =>
          library.named(library.fromData(t.shape, t.dtype, t.data.slice()), names[k]!),
        ),
        params,
        f: f!,
      };
    },
  };
}

/** Not a scalar, as first samples often are; numbers that have a derivative; several inputs where there can be. */
function mostTelling<S extends { readonly x: readonly NdArray[] }>(samples: readonly S[]): S {
  const score = ({ x }: S): number =>
    (x.some(({ dtype }) => isFloat(dtype)) ? 4 : 0) +
    (x.every(({ shape }) => shape.length > 0 && sizeOf(shape) > 0) ? 2 : 0) +
    (x.length > 1 ? 1 : 0);
  return samples.reduce((best, sample) => (score(sample) > score(best) ? sample : best));
}

export function isPrimitive(value: unknown): value is AnyPrimitive {
  return (
    typeof value === "object" && value !== null && "kernel" in value && "vjp" in value && "samples" in value
  );
}

export interface FusedPrimitive extends AnyPrimitive {
  reference(x: readonly Tensor[], params: unknown): Tensor;
}

export function isFused(op: AnyPrimitive): op is FusedPrimitive {
  return "reference" in op && typeof op.reference === "function";
}
