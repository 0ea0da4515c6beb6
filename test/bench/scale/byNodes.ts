import { add, fromData, mul, record, sin, sum, type Tensor, valueAndGrad, vjp } from "../../../src/index.ts";
import { compile } from "../own/compile.ts";
import type { Subject } from "./subject.ts";

type Scalar = (x: Tensor) => Tensor;

const SIZES = [1e2, 1e3, 1e4, 1e5];

/** A long loop: each op takes the result of the one before. */
const chain =
  (nodes: number): Scalar =>
  (x) => {
    let y = x;
    for (let k = 0; k < nodes / 2; k++) y = sin(mul(y, 1.01));
    return sum(y);
  };

/** Half as many leaves as nodes, added in pairs: a tape that is broad, and whose input has many uses. */
const tree =
  (nodes: number): Scalar =>
  (x) => {
    let layer: Tensor[] = Array.from({ length: nodes / 2 }, (_, k) => mul(x, 1 + k / nodes));
    while (layer.length > 1) {
      const next: Tensor[] = [];
      for (let k = 0; k + 1 < layer.length; k += 2) next.push(add(layer[k]!, layer[k + 1]!));
      if (layer.length % 2 === 1) next.push(layer.at(-1)!);
      layer = next;
    }
    return sum(layer[0]!);
  };

const x = fromData([8], "float64", Float64Array.of(0.1, -0.2, 0.3, -0.4, 0.5, -0.6, 0.7, -0.8));

export const byNodes: readonly Subject[] = [...subjects("chain", chain), ...subjects("tree", tree)];

function subjects(shape: string, of: (nodes: number) => Scalar): Subject[] {
  const subject = (name: string, at: Subject["at"]): Subject => ({
    name: `${shape}: ${name}`,
    sizes: SIZES,
    at,
  });
  return [
    subject("forward, no tape", (nodes) => {
      const f = of(nodes);
      return () => void f(x);
    }),
    subject("record", (nodes) => () => void record(of(nodes), x)),
    subject("pullback", (nodes) => {
      const [, pullback] = vjp(of(nodes), x);
      return () => void pullback(1);
    }),
    ...compiled(subject, of),
  ];
}

function compiled(
  subject: (name: string, at: Subject["at"]) => Subject,
  of: (nodes: number) => Scalar,
): Subject[] {
  if (compile === null) return [];
  const gradient = (nodes: number) => compile!(valueAndGrad(of(nodes)));
  return [
    // Anew each time: the first call of a new function traces, rewrites and emits.
    subject("compile the gradient, and one run", (nodes) => () => void gradient(nodes)(x)),
    subject("compiled run", (nodes) => {
      const f = gradient(nodes);
      f(x);
      return () => void f(x)[0].data;
    }),
  ];
}
