/** Nested arrays and plain objects of tensors: what functions take and return, parameters above all. */
import { ArgumentError, describe, scalar, Tensor } from "../graph/index.ts";

/**
 * A tensor, or arrays and plain objects of trees. null and undefined are empty trees.
 *
 * The type is no narrower than `object`, so that interfaces, which have no index signature, are trees too; what is
 * really in one is checked when it is walked.
 */
export type Tree = object;

/** A function's inputs as it sees them: numbers have become tensors, trees have kept their types. */
export type Traced<T> = T extends Tensor | number | boolean
  ? Tensor
  : T extends object
    ? { [K in keyof T]: Traced<T[K]> }
    : T;

/** {@link Traced}, for a tuple of inputs. */
export type AllTraced<X extends readonly unknown[]> = { [K in keyof X]: Traced<X[K]> };

/** The same tree, where numbers may stand for scalars. */
export type Loose<T> = T extends Tensor | number | boolean
  ? Tensor | number
  : T extends object
    ? { readonly [K in keyof T]: Loose<T[K]> }
    : T;

/** {@link Loose}, for a tuple of inputs. */
export type AllLoose<X extends readonly unknown[]> = { [K in keyof X]: Loose<X[K]> };

/** A tree taken apart: its tensors in order, and how to put others in their places. */
export interface Flat<T> {
  /** As it was before. */
  readonly tree: unknown;
  readonly leaves: readonly Tensor[];
  rebuild(leaves: readonly Tensor[]): T;
  /** Where the k-th leaf was: `[0].W1` and so on; empty where the tree is a tensor itself. */
  path(k: number): string;
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
  collect(op, what, tree, leaves, [], null);
  return {
    tree,
    leaves,
    rebuild(others) {
      return rebuilt(tree, others, { next: 0 }) as T;
    },
    path(k) {
      const places: string[] = [];
      collect(op, what, tree, [], [], places);
      return places[k]!;
    },
  };
}

/**
 * Take apart what a function returned.
 *
 * @throws ArgumentError where that is nothing, or no tree
 */
export function flattenResult<T>(op: string, result: unknown): Flat<T> {
  if (result === undefined || result === null) {
    const remedy = "does f return what it computes?";
    throw new ArgumentError(op, "f to return a tensor or a tree of tensors", describe(result), remedy);
  }
  // What comes of it later is nobody's business: the error says what there is to say.
  if (result instanceof Promise) result.catch(() => undefined);
  return flatten<T>(op, "f's result", result);
}

/** Walk the tree, in the order of its keys. `keys` is the way down to here; `places` gets the path of every leaf. */
function collect(
  op: string,
  what: string,
  node: unknown,
  leaves: Tensor[],
  keys: (string | number)[],
  places: string[] | null,
  above: readonly unknown[] = [],
): void {
  if (node instanceof Tensor || typeof node === "number") {
    leaves.push(typeof node === "number" ? scalar(node) : node);
    if (places !== null) places.push(spelled(keys));
    return;
  }
  if (node === null || node === undefined) return;
  const isArray = Array.isArray(node);
  if (!isArray && !isPlainObject(node)) {
    const remedy =
      node instanceof Promise
        ? "a tape records synchronous code only: await before, not inside"
        : "use tensors, or arrays and plain objects of them";
    throw new ArgumentError(
      op,
      `${what}${spelled(keys)} to be a tensor or a tree of tensors`,
      describe(node),
      remedy,
    );
  }
  if (above.includes(node)) throw new ArgumentError(op, `${what}${spelled(keys)} to be a tree`, "a cycle");
  const path = [...above, node];
  const step = (key: string | number, child: unknown): void => {
    keys.push(key);
    collect(op, what, child, leaves, keys, places, path);
    keys.pop();
  };
  if (isArray) for (let k = 0; k < node.length; k++) step(k, node[k]);
  else for (const [key, child] of Object.entries(node)) step(key, child);
}

function rebuilt(node: unknown, leaves: readonly Tensor[], at: { next: number }): unknown {
  if (node instanceof Tensor || typeof node === "number") return leaves[at.next++];
  if (node === null || node === undefined) return node;
  if (Array.isArray(node)) return node.map((child) => rebuilt(child, leaves, at));
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(node)) {
    const value = rebuilt(child, leaves, at);
    // Assigned to, it would be taken for the prototype.
    if (key === "__proto__") Object.defineProperty(copy, key, { value, enumerable: true });
    else copy[key] = value;
  }
  return copy;
}

/** What another tree has in the place of a leaf, and where that is. */
export interface Counterpart {
  readonly value: unknown;
  readonly path: string;
}

/**
 * What `tree` has where `like` has its leaves, in their order. Objects go by their keys, in whatever order these are;
 * null stands for null at every leaf below it.
 *
 * @throws ArgumentError naming the path where the two are not alike
 */
export function counterparts(op: string, what: string, tree: unknown, like: unknown): readonly Counterpart[] {
  const found: Counterpart[] = [];
  const visit = (node: unknown, other: unknown, keys: readonly (string | number)[]): void => {
    const path = spelled(keys);
    if (node instanceof Tensor || typeof node === "number") {
      found.push({ value: other, path });
      return;
    }
    if (other !== null && !isAlike(node, other)) {
      const expected = `${what}${path} to be ${outline(node)}, as the primal`;
      throw new ArgumentError(op, expected, outline(other), "null stands for zero");
    }
    for (const name of namesIn(node) ?? []) {
      const child = other === null ? null : (other as Readonly<Record<string | number, unknown>>)[name];
      visit((node as Readonly<Record<string | number, unknown>>)[name], child, [...keys, name]);
    }
  };
  visit(like, tree, []);
  return found;
}

/** Whether two branches have the same keys, or the same length; empty ones are alike. */
function isAlike(node: unknown, other: unknown): boolean {
  const names = namesIn(node);
  const others = namesIn(other);
  if (names === null || others === null) return names === others && (other === null || other === undefined);
  const isSameKind = Array.isArray(node) === Array.isArray(other) && names.length === others.length;
  return isSameKind && names.every((name) => others.includes(name));
}

/** The keys or indices of a branch; null for what is none. */
function namesIn(node: unknown): readonly (string | number)[] | null {
  if (Array.isArray(node)) return [...node.keys()];
  return isPlainObject(node) ? Object.keys(node) : null;
}

function outline(node: unknown): string {
  const names = namesIn(node);
  if (names === null || Array.isArray(node)) return describe(node);
  return names.length === 0 ? "{}" : `{ ${names.join(", ")} }`;
}

function spelled(keys: readonly (string | number)[]): string {
  return keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
}

function isPlainObject(node: unknown): node is object {
  if (typeof node !== "object" || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}
