import {
  type AnyPrimitive,
  inOrder,
  type Program,
  type Rewrite,
  rewrite,
  sameShape,
} from "../../../graph/index.ts";

/** The shapes that follow from a change; null if an op refuses them, or a cotangent no longer fits its input. */
export function settled(made: Rewrite): Rewrite | null {
  const shapes = shapesOf(made.after);
  if (shapes === null) return null;
  const { before, after } = made;
  const fits = before.outputs.every((id, k) =>
    sameShape(before.nodes[id]!.shape, shapes.get(after.outputs[k]!)!),
  );
  if (!fits) return null;
  const then = rewrite(after, (draft) => {
    for (const [id, shape] of shapes) {
      const node = after.nodes[id]!;
      if (!sameShape(node.shape, shape)) draft.nodes[id] = { ...node, shape };
    }
  });
  return {
    before,
    after: then.after,
    patches: [...made.patches, ...then.patches],
    inverse: [...then.inverse, ...made.inverse],
  };
}

function shapesOf(program: Program): ReadonlyMap<number, readonly number[]> | null {
  const shapes = new Map<number, readonly number[]>();
  for (const id of inOrder(program)) {
    const { op, params, parents, shape } = program.nodes[id]!;
    const known =
      op === null
        ? shape
        : shapeIn(
            op,
            parents.map((p) => ({ ...program.nodes[p]!, shape: shapes.get(p)! })),
            params,
          );
    if (known === null) return null;
    shapes.set(id, known);
  }
  return shapes;
}

function shapeIn(
  op: AnyPrimitive,
  x: Parameters<AnyPrimitive["shape"]>[0],
  params: unknown,
): readonly number[] | null {
  try {
    return op.shape(x, params);
  } catch {
    return null;
  }
}
