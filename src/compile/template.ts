/** What arguments look like: a tree, with the shape and dtype of every leaf. */
import { type DType, type Shape, sameShape, scalar, Tensor } from "../../graph/index.ts";

export type Template =
  | { readonly kind: "leaf"; readonly shape: Shape; readonly dtype: DType; readonly path: string }
  | { readonly kind: "array"; readonly items: readonly Template[] }
  | { readonly kind: "object"; readonly keys: readonly string[]; readonly items: readonly Template[] }
  /** null or undefined. */
  | { readonly kind: "empty" };

/** The template of a tree that has been found to be one. */
export function templateOf(tree: unknown, path = ""): Template {
  if (tree instanceof Tensor) return { kind: "leaf", shape: tree.shape, dtype: tree.dtype, path };
  if (typeof tree === "number") return { kind: "leaf", shape: [], dtype: "float64", path };
  if (tree === null || tree === undefined) return { kind: "empty" };
  if (Array.isArray(tree)) {
    return { kind: "array", items: tree.map((child, k) => templateOf(child, `${path}[${k}]`)) };
  }
  const keys = Object.keys(tree as object);
  const items = keys.map((key) => templateOf((tree as Record<string, unknown>)[key], `${path}.${key}`));
  return { kind: "object", keys, items };
}

/** Whether a tree is like the template; its leaves are appended on the way. */
export function gather(template: Template, tree: unknown, leaves: Tensor[]): boolean {
  switch (template.kind) {
    case "leaf": {
      const leaf = typeof tree === "number" ? scalar(tree) : tree;
      if (!(leaf instanceof Tensor) || leaf.dtype !== template.dtype) return false;
      if (leaf.shape !== template.shape && !sameShape(leaf.shape, template.shape)) return false;
      leaves.push(leaf);
      return true;
    }
    case "array": {
      const { items } = template;
      if (!Array.isArray(tree) || tree.length !== items.length) return false;
      for (let k = 0; k < items.length; k++) if (!gather(items[k]!, tree[k], leaves)) return false;
      return true;
    }
    case "object": {
      if (typeof tree !== "object" || tree === null || tree instanceof Tensor) return false;
      const { keys, items } = template;
      let k = 0;
      // In the order in which the leaves were, which is that of the keys.
      for (const key in tree) {
        if (key !== keys[k]) return false;
        if (!gather(items[k]!, (tree as Record<string, unknown>)[key], leaves)) return false;
        k++;
      }
      return k === keys.length;
    }
    case "empty":
      return tree === null || tree === undefined;
  }
}

/** Where two differ first, and how: `input [0]: float64[4] before, float64[5] now`. */
export function difference(before: Template, now: Template, path = ""): Difference | null {
  if (before.kind === "leaf" && now.kind === "leaf") {
    const isSame = before.dtype === now.dtype && sameShape(before.shape, now.shape);
    return isSame ? null : { path: now.path, before: spelled(before), now: spelled(now) };
  }
  const a = "items" in before ? before.items : [];
  const b = "items" in now ? now.items : [];
  const isSameKind = before.kind === now.kind && a.length === b.length;
  const hasSameKeys =
    before.kind !== "object" || now.kind !== "object" || before.keys.join() === now.keys.join();
  if (!isSameKind || !hasSameKeys) return { path, before: spelled(before), now: spelled(now) };
  for (let k = 0; k < a.length; k++) {
    const step = now.kind === "object" ? `.${now.keys[k]}` : `[${k}]`;
    const found = difference(a[k]!, b[k]!, `${path}${step}`);
    if (found !== null) return found;
  }
  return null;
}

export interface Difference {
  readonly path: string;
  readonly before: string;
  readonly now: string;
}

function spelled(template: Template): string {
  if (template.kind === "leaf") return `${template.dtype}[${template.shape}]`;
  if (template.kind === "array") return `an array of ${template.items.length}`;
  return template.kind === "object" ? `{ ${template.keys.join(", ")} }` : "nothing";
}
