import { assertProgram, type Program, type Rewrite, rewrite } from "../program.ts";

/** Drop every node that no output depends on. Leaves stay: they are the function's signature. */
export function removeDeadNodes(program: Program): Rewrite {
  assertProgram("removeDeadNodes", program);
  const { nodes, inputs, outputs } = program;
  const live = new Set<number>(inputs);
  const stack = [...outputs];
  while (stack.length > 0) {
    const id = stack.pop()!;
    if (live.has(id)) continue;
    live.add(id);
    stack.push(...nodes[id]!.parents);
  }
  // From the last to the first: each step leaves a program whose nodes all have their parents.
  const dead = Object.keys(nodes)
    .map(Number)
    .filter((id) => !live.has(id))
    .reverse();
  return rewrite(program, (draft) => {
    for (const id of dead) delete draft.nodes[id];
  });
}
