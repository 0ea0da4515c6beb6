import { readFileSync, writeFileSync } from "node:fs";
import type { Floats } from "../byHand.ts";
import type { Result } from "../logic/agreement.ts";
import type { Float, Workload } from "../logic/measurement.ts";
import type { ArraySpec, Ready, Task } from "./task.ts";

export interface InputArray extends ArraySpec {
  readonly values: Floats;
}

/** A case with its numbers. */
export interface Inputs {
  readonly workload: Workload;
  readonly dtype: Float;
  readonly size: string;
  readonly arrays: readonly InputArray[];
  readonly labels: Int32Array | null;
}

/** @throws RangeError where there is no such array */
export function arrayNamed({ arrays }: Inputs, name: string): InputArray {
  const found = arrays.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no array ${name} among ${arrays.map((one) => one.name)}`);
  return found;
}

/** Put a case where the process of a system finds it. */
export function writeInputs(inputs: Inputs, file: string, results: string): Task {
  writeFileSync(file, Buffer.concat(inputs.arrays.map(({ values }) => bytesOf(values))));
  return {
    workload: inputs.workload,
    dtype: inputs.dtype,
    size: inputs.size,
    arrays: inputs.arrays.map(({ name, shape }) => ({ name, shape })),
    file,
    labels: inputs.labels === null ? null : [...inputs.labels],
    results,
  };
}

export function readInputs({ workload, dtype, size, arrays, file, labels }: Task): Inputs {
  const bytes = readFileSync(file);
  let offset = 0;
  const read = ({ name, shape }: ArraySpec): InputArray => {
    const count = shape.reduce((a, b) => a * b, 1);
    const values = dtype === "float32" ? new Float32Array(count) : new Float64Array(count);
    bytesOf(values).set(bytes.subarray(offset, offset + values.byteLength));
    offset += values.byteLength;
    return { name, shape, values };
  };
  return { workload, dtype, size, arrays: arrays.map(read), labels: labels && Int32Array.from(labels) };
}

export function writeResults(results: readonly Result[], file: string): Ready["results"] {
  writeFileSync(file, Buffer.concat(results.map(({ values }) => bytesOf(Float64Array.from(values)))));
  return results.map(({ name, values }) => ({ name, size: values.length }));
}

export function readResults(results: Ready["results"], file: string): Result[] {
  const bytes = readFileSync(file);
  let offset = 0;
  return results.map(({ name, size }) => {
    const values = new Float64Array(size);
    bytesOf(values).set(bytes.subarray(offset, offset + values.byteLength));
    offset += values.byteLength;
    return { name, values };
  });
}

function bytesOf(values: Floats): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
