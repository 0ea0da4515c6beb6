/** Derivations of programs that nobody thought of: at each step the numbers are those of the step before. */
import { expect, test } from "vitest";
import { derive, type Inputs, type Program, replay, type Tensor } from "../../src/index.ts";
import { randomProgram } from "../support/randomProgram.ts";

function largest(tensors: readonly Tensor[]): number {
  let size = 0;
  for (const { data } of tensors)
    for (const v of data) if (Number.isFinite(v)) size = Math.max(size, Math.abs(v));
  return size;
}

function valuesOf({ nodes }: Program): Tensor[] {
  return Object.values(nodes).map(({ value }) => value);
}

test("random programs", { timeout: 300_000 }, () => {
  const wrong: string[] = [];
  let moved = 0;
  for (let seed = 0; seed < 80; seed++) {
    const { f, x } = randomProgram(seed, 3 + (seed % 8));
    const derivation = derive(f as (...t: readonly Tensor[]) => Inputs, ...x);
    const { program, steps } = derivation;
    const walk = steps.find(({ computes }) => computes === "cotangents")!;
    const isSingle = valuesOf(program).some(({ dtype }) => dtype === "float32");
    const inputs = program.inputs.map((id) => program.nodes[id]!.value);
    const result = largest(replay(program, inputs));
    // What adds up to 0 leaves rounding errors of what was added.
    const scale = Math.max(result, largest(valuesOf(walk.after)));
    const most = Math.max(...derivation.differences()) * (result || 1);
    if (!(most <= (isSingle ? 1e-3 : 1e-10) * scale)) wrong.push(`seed ${seed}: ${most} beside ${scale}`);
    if (result > 0) moved++;
  }
  expect(wrong).toEqual([]);
  expect(moved).toBeGreaterThan(40);
});
