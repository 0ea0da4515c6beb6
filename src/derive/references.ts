import {
  type AnyPrimitive,
  bind,
  type Inputs,
  type Program,
  programOf,
  replay,
  type Tensor,
  trace,
} from "../../graph/index.ts";
import type { Fused } from "../../ops/index.ts";

/** The same program with every fused op replaced by its reference. */
export function withReferences(program: Program): Program {
  if (!Object.values(program.nodes).some(({ op }) => op !== null && isFused(op))) return program;
  const apply = (op: AnyPrimitive, x: Inputs, params: unknown): Tensor =>
    isFused(op) ? op.reference(x, params) : bind(op, x, params);
  const x = program.inputs.map((id) => program.nodes[id]!.value);
  return programOf(trace((...t) => replay(program, t, apply), x, false));
}

function isFused(op: AnyPrimitive): op is Fused<Inputs, unknown> {
  return "reference" in op;
}
