/** What an op's record declares: refusals, conventions at kinks, and how it is written. */
import { bind } from "../../graph/bind.ts";
import { allocate } from "../../graph/dtype.ts";
import { describe, WengertError } from "../../graph/errors.ts";
import type { AnyPrimitive, Convention, Inputs, Reject } from "../../graph/primitive.ts";
import { filled, fromData, type NdArray, type Spec, type Tensor } from "../../graph/tensor.ts";
import { jvp, vjp } from "../../src/transforms/derivatives.ts";
import { type AnySample, type Application, applied, owned } from "./application.ts";
import { first } from "./numbers.ts";

/** The record cannot be changed, and has a name. */
export function recordLaw(op: AnyPrimitive): string | null {
  if (!Object.isFrozen(op)) return "the record is not frozen";
  return /^[a-z]\w*$/i.test(op.name) ? null : `the name is ${JSON.stringify(op.name)}`;
}

/** Both notations say something, and name every input that the op depends on. */
export function notationLaw(op: AnyPrimitive, { x, params }: AnySample): string | null {
  const names = x.map((_, k) => `x${k}`);
  for (const notation of ["text", "latex"] as const) {
    const written = op[notation](names, params);
    if (typeof written !== "string" || written.trim() === "") return `${notation} is ${describe(written)}`;
    const unwritten = names.find((name) => !written.includes(name));
    if (unwritten !== undefined) return `${notation} says nothing of ${unwritten}: ${written}`;
    if (/\bundefined\b|\bNaN\b|\[object|=>/.test(written)) return `${notation} is ${written}`;
  }
  const braces = op.latex(names, params).replace(/\\[{}]/g, "");
  return braces.split("{").length === braces.split("}").length ? null : `braces of ${braces} do not match`;
}

/** What is declared to be refused is refused, by that very class of error, before the kernel runs. */
export function rejectsLaw(op: AnyPrimitive): string | null {
  let hasRun = false;
  const watched: AnyPrimitive = {
    ...op,
    kernel() {
      hasRun = true;
    },
  };
  return first(op.rejects(), ({ x, params, error }: Reject<Inputs, unknown>, index) => {
    const where = `#${index} ${x.map((t) => `${t.dtype}[${t.shape}]`).join(" ")} ${JSON.stringify(params)}`;
    try {
      bind(
        watched,
        x.map((t) => owned(t, t.dtype)),
        params,
      );
    } catch (thrown) {
      if (!(thrown instanceof WengertError)) return `${where} throws ${thrown}`;
      if (thrown.constructor !== error) return `${where} throws ${thrown.name}, declared ${error.name}`;
      if (thrown.op === "" || thrown.expected === "" || thrown.received === "")
        return `${where}: its message lacks a part: ${thrown.message}`;
      return hasRun ? `${where} is refused after the kernel has run` : null;
    }
    return `${where} is accepted`;
  });
}

/**
 * Where there is no derivative, reverse mode gives what is declared; forward mode gives the same, entry by entry; and
 * so does reverse mode while another transform looks on.
 */
export function conventionsLaw(op: AnyPrimitive): string | null {
  return first(op.conventions(), (convention, index) => {
    const at = applied(op, convention);
    const ones = [filled(at.y.shape, at.y.dtype, 1)];
    const back = (...x: Inputs): Inputs => vjp<Inputs, Inputs>(at.f, ...x)[1](ones);
    const nested = jvp<Inputs, Inputs>(
      back,
      at.floats,
      at.floats.map((t) => filled(t.shape, t.dtype, 0)),
    )[0];
    const ways = { vjp: back(...at.floats), "vjp under another transform": nested, jvp: columnSums(at) };
    return first(Object.entries(ways), ([way, xBar]) => {
      const found = first(at.places, (place, k) => undeclared(xBar[k]!, convention, place));
      return found === null ? null : `#${index} (${convention.because}), by ${way}: ${found}`;
    });
  });
}

function undeclared(
  xBar: NdArray,
  { xBar: declared, because }: Convention<Inputs, unknown>,
  k: number,
): string | null {
  const expected = declared[k]!;
  if (because === "") return "it does not say why";
  if (`${xBar.shape}` !== `${expected.shape}`) return `[${xBar.shape}] for [${expected.shape}]`;
  return first(expected.data, (e, i) => {
    const a = xBar.data[i]!;
    const isSame = Object.is(a, e) || a === e || Math.abs(a - e) <= 1e-12 * Math.abs(e);
    return isSame ? null : `${a} at ${i} of input ${k}, declared ${e}`;
  });
}

/** Jᵀ 1, out of forward mode: along one unit vector after another. */
function columnSums({ f, floats }: Application): Inputs {
  return floats.map((t, k) => {
    const sums = allocate(t.dtype, t.size);
    for (let i = 0; i < sums.length; i++) {
      const xDot = floats.map((u, j) => (j === k ? unit(t, i) : zeros(u)));
      for (const v of jvp<Inputs, Inputs>(f, floats, xDot)[1][0]!.data) sums[i] = sums[i]! + v;
    }
    return fromData(t.shape, t.dtype, sums);
  });
}

function unit(like: Tensor, i: number): Tensor {
  const data = allocate(like.dtype, like.size);
  data[i] = 1;
  return fromData(like.shape, like.dtype, data);
}

function zeros({ shape, dtype }: Spec): Tensor {
  return filled(shape, dtype, 0);
}
