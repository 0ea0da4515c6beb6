/** The tensors in a state, among plain data that is none of a tape's business. */
import { Tensor } from "../../graph/index.ts";

/** In the order of its keys. */
export function tensorsIn(state: unknown): readonly Tensor[] {
  const found: Tensor[] = [];
  mapped(state, (t) => {
    found.push(t);
    return t;
  });
  return found;
}

/** The same state with these in their places. */
export function withTensors<S>(state: S, tensors: readonly Tensor[]): S {
  let next = 0;
  return mapped(state, () => tensors[next++]!) as S;
}

function mapped(node: unknown, f: (t: Tensor) => Tensor): unknown {
  if (node instanceof Tensor) return f(node);
  if (Array.isArray(node)) return node.some(isBranch) ? node.map((child) => mapped(child, f)) : node;
  if (!isBranch(node) || !isPlain(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, mapped(child, f)]));
}

function isBranch(node: unknown): node is object {
  return typeof node === "object" && node !== null;
}

function isPlain(node: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}
