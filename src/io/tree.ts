/** Trees of tensors and plain data, taken apart into what safetensors holds and what JSON holds, and put together. */
import { ArgumentError, describe, Tensor } from "../../graph/index.ts";
import type { Tree } from "../tree.ts";
import { FormatError } from "./errors.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A tree in two parts. */
export interface Packed {
  /** By the way down to them: `params.layers.0.W`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /**
   * The tree with `{ "$tensor": name }` for a tensor, and `{ "$number": "NaN" }` for what JSON has no number for. A
   * `$` that starts a key of the tree's own is doubled.
   */
  readonly rest: Json;
}

/**
 * Take a tree apart.
 *
 * @param name what the tree is called, the first part of its tensors' names; or nothing
 * @throws ArgumentError naming the path of anything that is neither a tensor nor plain data
 */
export function packed(op: string, name: string, tree: unknown): Packed {
  const tensors: Record<string, Tensor> = Object.create(null);
  const above: unknown[] = [];
  const visit = (node: unknown, path: string): Json => {
    if (node instanceof Tensor) {
      tensors[path || "tensor"] = node;
      return { $tensor: path || "tensor" };
    }
    if (node === null || typeof node === "boolean" || typeof node === "string") return node;
    if (node === undefined) return { $undefined: true };
    if (typeof node === "number") {
      return Number.isFinite(node) && !Object.is(node, -0) ? node : { $number: describe(node) };
    }
    if (!Array.isArray(node) && !isPlainObject(node)) {
      throw new ArgumentError(op, `${path || "it"} to be a tensor or plain data`, describe(node));
    }
    if (above.includes(node)) throw new ArgumentError(op, `${path || "it"} to be a tree`, "a cycle");
    above.push(node);
    // Array.from and not map, which passes over holes.
    const result = Array.isArray(node)
      ? Array.from(node, (child: unknown, k) => visit(child, below(path, `${k}`)))
      : fromPairs(
          Object.entries(node).map(([key, child]) => [
            key.startsWith("$") ? `$${key}` : key,
            visit(child, below(path, key)),
          ]),
        );
    above.pop();
    return result;
  };
  const rest = visit(tree, name);
  return { tensors, rest };
}

/**
 * Put a tree together.
 *
 * @throws FormatError where the rest names a tensor that is not there, or is not of {@link packed}'s making
 */
export function unpacked(op: string, rest: Json, tensors: Readonly<Record<string, Tensor>>): unknown {
  const visit = (node: Json): unknown => {
    if (node === null || typeof node !== "object") return node;
    if (isList(node)) return node.map(visit);
    const entries = Object.entries(node);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined && /^\$(?!\$)/.test(first[0])) return marked(...first);
    return fromPairs(entries.map(([key, child]) => [key.replace(/^\$\$/, "$"), visit(child)]));
  };
  const marked = (mark: string, value: Json): unknown => {
    if (mark === "$undefined") return undefined;
    if (mark === "$number" && typeof value === "string" && NUMBERS.includes(value)) return Number(value);
    const tensor = mark === "$tensor" && typeof value === "string" ? tensors[value] : undefined;
    if (tensor === undefined)
      throw new FormatError(op, "a tensor of the file", `${mark} ${JSON.stringify(value)}`);
    return tensor;
  };
  return visit(rest);
}

/** A key with a dot in it is not taken for two, nor an empty one for none. */
function below(path: string, key: string): string {
  const step = key === "" ? "\\" : key.replaceAll(/[\\.]/g, "\\$&");
  return path === "" ? step : `${path}.${step}`;
}

const NUMBERS: readonly string[] = ["NaN", "Infinity", "-Infinity", "-0"];

/**
 * In what two sets of tensors differ: which are missing, which unknown, which of another shape or dtype. Empty where
 * names, shapes and dtypes are the same.
 */
export function differences(
  found: Readonly<Record<string, Tensor>>,
  expected: Readonly<Record<string, Tensor>>,
): readonly string[] {
  const missing = Object.keys(expected).filter((name) => found[name] === undefined);
  const unknown = Object.keys(found).filter((name) => expected[name] === undefined);
  const other = Object.keys(expected).flatMap((name) => {
    const [has, wants] = [found[name], expected[name]!];
    const isSame = has === undefined || looks(has) === looks(wants);
    return isSame ? [] : [`${name}: ${looks(has)} for ${looks(wants)}`];
  });
  return [
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.join(", ")}`]),
    ...other,
  ];
}

function looks({ dtype, shape }: Tensor): string {
  return `${dtype}[${shape}]`;
}

/**
 * A tree of tensors and plain data in the bytes of one safetensors file: parameters, or `{ params, state }`. Other
 * tools find the tensors under names like `params.W1`, and what is plain data in the metadata.
 *
 * @throws ArgumentError naming the path of anything else in the tree
 */
export function writeTree(tree: Tree): Uint8Array<ArrayBuffer> {
  const { tensors, rest } = packed("writeTree", "", tree);
  return writeSafetensors(tensors, { metadata: { [KEY]: JSON.stringify(rest) } });
}

/**
 * The tree that {@link writeTree} wrote, bit for bit; or one of the same tensors that another tool wrote.
 *
 * @param like a tree with tensors of the same names, shapes and dtypes, such as those of a model that is new
 * @throws FormatError where the bytes are no such file, or hold other tensors: it lists which are missing, which
 *   unknown, and which have another shape or dtype
 */
export function readTree<T extends Tree>(bytes: Uint8Array, like: T): T {
  const expected = packed("readTree", "", like);
  const { tensors, metadata } = readSafetensors(bytes);
  const unlike = differences(tensors, expected.tensors);
  if (unlike.length > 0) throw new FormatError("readTree", "the tensors of the tree", unlike.join("; "));
  const kept = metadata[KEY];
  if (kept === undefined) return unpacked("readTree", expected.rest, tensors) as T;
  const tree = unpacked("readTree", parsed(kept), tensors);
  const placed = differences(packed("readTree", "", tree).tensors, expected.tensors);
  if (placed.length > 0) throw new FormatError("readTree", "the tree as it was written", placed.join("; "));
  return tree as T;
}

const KEY = "wengert.tree";

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new FormatError(
      "readTree",
      `JSON in the metadata's ${KEY}`,
      error instanceof Error ? error.message : "none",
    );
  }
}

function isList(node: Json): node is readonly Json[] {
  return Array.isArray(node);
}

function isPlainObject(node: unknown): node is object {
  if (typeof node !== "object" || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

/** As Object.fromEntries, which makes of `__proto__` a key as any other too. */
function fromPairs<T>(pairs: readonly (readonly [string, T])[]): { [key: string]: T } {
  return Object.fromEntries(pairs);
}
