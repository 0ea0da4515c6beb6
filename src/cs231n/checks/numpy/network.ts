import type { Tensor } from "../../../../graph/index.ts";
import { affine, batchNorm, relu } from "./layers.ts";
import { log } from "./log.ts";
import { type Matrix, mapped, matrixOf } from "./matrix.ts";
import { sum } from "./sum.ts";

/** What the loss of a fully connected network hangs on. */
export interface Network {
  readonly x: Tensor;
  readonly labels: Tensor;
  readonly params: Readonly<Record<string, Tensor>>;
  readonly reg: number;
  /** What each hidden layer is multiplied by behind its relu; none without dropout. */
  readonly masks?: readonly Tensor[];
}

/**
 * The training loss of the course's FullyConnectedNet as a function of one parameter, rounded as NumPy rounds it.
 * There is batch norm where there are gammas.
 */
export function lossAlong(
  { x, labels, params, reg, masks }: Network,
  name: string,
): (moved: Float64Array) => readonly [number] {
  const matrices = Object.fromEntries(Object.entries(params).map(([key, t]) => [key, matrixOf(t)]));
  const depth = Object.keys(params).filter((key) => key.startsWith("W")).length;
  const examples = matrixOf(x);
  return (moved) => {
    const of = (key: string): Matrix => (key === name ? { ...matrices[key]!, data: moved } : matrices[key]!);
    let h = examples;
    for (let k = 1; k < depth; k++) {
      h = affine(h, of(`W${k}`), of(`b${k}`));
      if (`gamma${k}` in params) h = batchNorm(h, of(`gamma${k}`), of(`beta${k}`));
      h = relu(h);
      const mask = masks?.[k - 1];
      if (mask !== undefined) h = mapped(h, (value, _, i) => value * mask.data[i]!);
    }
    let loss = softmaxLoss(affine(h, of(`W${depth}`), of(`b${depth}`)), labels);
    for (let k = 1; reg !== 0 && k <= depth; k++) {
      loss += 0.5 * reg * sum(of(`W${k}`).data.map((w) => w * w));
    }
    return [loss];
  };
}

function softmaxLoss({ rows, columns, data }: Matrix, labels: Tensor): number {
  const chosen = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    const most = Math.max(...row);
    const shifted = row.map((value) => value - most);
    chosen[i] = shifted[labels.data[i]!]! - log(sum(shifted.map(Math.exp)));
  }
  return -sum(chosen) / rows;
}
