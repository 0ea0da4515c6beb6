import { batchNorm, fromData, fusedBatchNorm, type Tensor, vjp } from "../../../src/index.ts";
import { stream } from "../../../src/random/stream.ts";
import { compile } from "../own/compile.ts";
import type { Subject } from "./subject.ts";

type Norm = (x: Tensor, gamma: Tensor, beta: Tensor) => Tensor;
type Backward = (x: Tensor, gamma: Tensor, beta: Tensor, dy: Tensor) => readonly Tensor[];

const SIZES = [1e3, 1e4, 1e5, 1e6];
const COLUMNS = 100;

const of =
  (norm: Norm): Backward =>
  (x, gamma, beta, dy) =>
    vjp(norm, x, gamma, beta)[1](dy);
const composed = of((x, gamma, beta) => batchNorm(x, gamma, beta));
const fused = of((x, gamma, beta) => fusedBatchNorm(x, gamma, beta));

export const byElements: readonly Subject[] = [
  subject("eager", composed),
  subject("fused", fused),
  ...(compile === null
    ? []
    : [subject("compiled", compile(composed)), subject("fused, compiled", compile(fused))]),
];

function subject(name: string, backward: Backward): Subject {
  return {
    name,
    sizes: SIZES,
    at(size) {
      const from = stream(1, "scale", size);
      const draw = (shape: readonly number[]): Tensor => {
        const data = new Float64Array(shape.reduce((a, b) => a * b));
        for (let i = 0; i < data.length; i++) data[i] = from.gaussian();
        return fromData(shape, "float64", data);
      };
      const [x, gamma, beta] = [draw([size / COLUMNS, COLUMNS]), draw([COLUMNS]), draw([COLUMNS])];
      const dy = draw([size / COLUMNS, COLUMNS]);
      return () => {
        for (const { data } of backward(x, gamma, beta, dy)) void data;
      };
    },
  };
}
