/** The networks whose training steps are timed: {affine - batch norm - relu} × L - affine - softmax loss, and Adam. */
export interface Network {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly classes: number;
  readonly batch: number;
}

export const NETWORKS: Readonly<Record<"W3" | "W4", Network>> = {
  W3: { inputs: 3072, hidden: [100, 100, 100, 100, 100], classes: 10, batch: 50 },
  W4: { inputs: 784, hidden: [512, 512], classes: 10, batch: 128 },
};

/** Adam's, and batch norm's. Peers in other languages have the same figures in `peers/python/workload.py`. */
export const MEAN_DECAY = 0.9;
export const SQUARE_DECAY = 0.999;
export const ADAM_EPS = 1e-8;
export const NORM_EPS = 1e-5;
export const CHECKING_RATE = 1e-3;
export const TIMING_RATE = 1e-6;
export const CHECKED_STEPS = 3;

/** Names and shapes, layer by layer: W, b, gamma, beta; of the last layer W, b. */
export function parameterShapes({ inputs, hidden, classes }: Network): [name: string, shape: number[]][] {
  const shapes: [string, number[]][] = [];
  const widths = [inputs, ...hidden, classes];
  for (let k = 1; k < widths.length; k++) {
    const width = widths[k]!;
    shapes.push([`W${k}`, [widths[k - 1]!, width]], [`b${k}`, [width]]);
    if (k <= hidden.length) shapes.push([`gamma${k}`, [width]], [`beta${k}`, [width]]);
  }
  return shapes;
}

/** How many layers have a norm, given how many parameters there are. */
export function hiddenLayers(parameters: number): number {
  return (parameters - 2) / 4;
}
