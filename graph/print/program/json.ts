import type { DType } from "../../dtype.ts";
import { ArgumentError, describe } from "../../errors.ts";
import { assertProgram, inOrder, type Program } from "../../program.ts";
import type { Shape } from "../../shape.ts";
import type { Node } from "../../tape.ts";
import { Tensor } from "../../tensor.ts";

/** A number that JSON keeps, or the name of one that it does not. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity" | "-0";

/** A parameter as plain data. A number that JSON does not keep is `{ "number": "NaN" }`. */
export type JsonParam =
  | null
  | boolean
  | number
  | string
  | readonly JsonParam[]
  | { readonly [key: string]: JsonParam };

export interface JsonNode {
  readonly id: number;
  readonly kind: "input" | "constant" | "op";
  readonly name: string | null;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Of ops only: which one, on what, how. */
  readonly op?: string;
  readonly parents?: readonly number[];
  readonly params?: JsonParam;
  /** Of constants only: the numbers in row-major order. */
  readonly data?: readonly JsonNumber[];
  /** Where in the user's code it was applied, if that was tracked. */
  readonly origin?: string;
}

export interface JsonProgram {
  readonly format: "wengert/program";
  readonly version: 1;
  /** Each after its parents. */
  readonly nodes: readonly JsonNode[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * A program as plain data that `JSON.stringify` keeps whole. Ops go by name; NaN, the infinities and -0 by theirs.
 *
 * @throws ArgumentError where an op's parameters are not plain data (a function, say)
 */
export function toJSON(program: Program): JsonProgram {
  assertProgram("toJSON", program);
  const inputs = new Set(program.inputs);
  return {
    format: "wengert/program",
    version: 1,
    nodes: inOrder(program).map((id) => nodeJSON(id, program.nodes[id]!, inputs.has(id))),
    inputs: [...program.inputs],
    outputs: [...program.outputs],
  };
}

function nodeJSON(id: number, node: Node, isInput: boolean): JsonNode {
  const { op, name, shape, dtype, origin } = node;
  const kind = op !== null ? "op" : isInput ? "input" : "constant";
  const common = {
    id,
    kind,
    name,
    shape: [...shape],
    dtype,
    ...(origin === null ? {} : { origin }),
  } as const;
  if (op !== null) {
    const params = paramJSON(op.name, node.params);
    return {
      ...common,
      op: op.name,
      parents: [...node.parents],
      ...(params === undefined ? {} : { params }),
    };
  }
  return isInput ? common : { ...common, data: Array.from(node.value.data, numberJSON) };
}

function numberJSON(value: number): JsonNumber {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** Nothing is undefined in JSON: such members are left out, as JSON.stringify does. */
function paramJSON(op: string, value: unknown): JsonParam | undefined {
  if (value === undefined || value === null || typeof value === "boolean" || typeof value === "string")
    return value;
  if (typeof value === "number") {
    const number = numberJSON(value);
    return typeof number === "number" ? number : { number };
  }
  if (Array.isArray(value)) return value.map((item) => paramJSON(op, item) ?? null);
  if (value instanceof Tensor) {
    return { shape: [...value.shape], dtype: value.dtype, data: Array.from(value.data, numberJSON) };
  }
  if (isTypedArray(value)) return Array.from(value, numberJSON);
  if (typeof value === "object" && isPlain(value)) {
    const members: [string, JsonParam][] = [];
    for (const [key, member] of Object.entries(value)) {
      const json = paramJSON(op, member);
      if (json !== undefined) members.push([key, json]);
    }
    return Object.fromEntries(members);
  }
  throw new ArgumentError("toJSON", `parameters of ${op} that are plain data`, describe(value));
}

function isTypedArray(value: unknown): value is Iterable<number> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
