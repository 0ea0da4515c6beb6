/** Nested arrays and plain objects of tensors: what functions take and return, parameters above all. */
import { ArgumentError, describe, scalar, Tensor } from "../graph/index.ts";

/**
 * A tensor, or arrays and plain objects of trees. null and undefined are empty trees.
 *
 * The type is no narrower than `object`, so that interfaces, which have no index signature, are trees too; what is
 * really in one is checked when it is walked.
 */
export type Tree = object;

/** The same tree, where numbers may stand for scalars. */
export type Loose<T> = T extends Tensor
  ? Tensor | number
  : T extends object
    ? { readonly [K in keyof T]: Loose<T[K]> }
    : T;

/** A tree taken apart: its tensors in order, where each was, and how to put others in their places. */
export interface Flat<T> {
  readonly leaves: readonly Tensor[];
  /** `[0].W1` and so on; empty where the tree is a tensor itself. */
  readonly paths: readonly string[];
  rebuild(leaves: readonly Tensor[]): T;
}

/**
 * Take a tree apart.
 *
 * @param op whose argument it is, for the error
 * @param what the argument is called
 * @throws ArgumentError naming the path of anything that is no tree: a string, a class instance, a promise
 */
export function flatten<T>(op: string, what: string, tree: unknown): Flat<T> {
  const leaves: Tensor[] = [];
  const paths: string[] = [];
  const open = new Set<unknown>();
  type Rebuild = (next: () => Tensor) => unknown;

  const walk = (node: unknown, path: string): Rebuild => {
    if (node instanceof Tensor || typeof node === "number") {
      leaves.push(typeof node === "number" ? scalar(node) : node);
      paths.push(path);
      return (next) => next();
    }
    if (node === null || node === undefined) return () => node;
    const isArray = Array.isArray(node);
    if (!isArray && !isPlainObject(node)) {
      const remedy =
        node instanceof Promise
          ? "a tape records synchronous code only: await before, not inside"
          : "use tensors, or arrays and plain objects of them";
      throw new ArgumentError(op, `${what}${path} to be a tensor or a tree of tensors`, describe(node), remedy);
    }
    if (open.has(node)) throw new ArgumentError(op, `${what}${path} to be a tree`, "a cycle");
    open.add(node);
    const parts = Object.entries(node).map(([key, child]): readonly [string, Rebuild] => [
      key,
      walk(child, isArray ? `${path}[${key}]` : `${path}.${key}`),
    ]);
    open.delete(node);
    return (next) =>
      isArray
        ? parts.map(([, rebuild]) => rebuild(next))
        : Object.fromEntries(parts.map(([key, rebuild]) => [key, rebuild(next)]));
  };

  const rebuild = walk(tree, "");
  return {
    leaves,
    paths,
    rebuild(others) {
      let k = 0;
      return rebuild(() => others[k++]!) as T;
    },
  };
}

function isPlainObject(node: unknown): node is object {
  if (typeof node !== "object" || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}
