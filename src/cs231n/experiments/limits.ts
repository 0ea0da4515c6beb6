import type { Normalization } from "../../nn/index.ts";
import type { Table } from "../result.ts";
import type { RunSpec } from "../running/group.ts";
import { type Context, trained } from "./context.ts";

const NORMALIZATIONS: readonly (readonly [string, Normalization])[] = [
  ["layer norm", "layernorm"],
  ["batch norm", "batchnorm"],
  ["none", null],
];

/** How many features a layer has, whose mean and spread layer norm takes away. */
const WIDTHS: readonly number[] = [2, 5, 20, 100];

const DEPTHS: readonly number[] = [1, 5, 15];

const REGS: readonly number[] = [0, 0.1, 1];

const RUN: RunSpec = {
  hiddenDims: [],
  normalization: null,
  weightScale: 2e-2,
  optimizer: "adam",
  learningRate: 1e-3,
  batchSize: 50,
  epochs: 10,
};

/** Where layer norm works badly: few features, many layers, strong regularisation; each with the others as they are. */
export async function limits(context: Context): Promise<Table[]> {
  const layers = (count: number, width: number): number[] => new Array<number>(count).fill(width);
  return [
    await compared(context, "Five hidden layers, by the number of features", "features", WIDTHS, (width) => ({
      hiddenDims: layers(5, width),
    })),
    await compared(context, "100 features, by the number of hidden layers", "layers", DEPTHS, (depth) => ({
      hiddenDims: layers(depth, 100),
    })),
    await compared(
      context,
      "Five hidden layers of 100, by the strength of regularisation",
      "reg",
      REGS,
      (reg) => ({
        hiddenDims: layers(5, 100),
        reg,
      }),
    ),
  ];
}

async function compared(
  context: Context,
  title: string,
  what: string,
  values: readonly number[],
  change: (value: number) => Pick<RunSpec, "hiddenDims" | "reg">,
): Promise<Table> {
  const groups = values.flatMap((value) =>
    NORMALIZATIONS.map(([, normalization]): RunSpec[] => [{ ...RUN, ...change(value), normalization }]),
  );
  const outcomes = await trained(context, groups, { isRestarted: true });
  const accuracy = (k: number, n: number): string =>
    outcomes[k * NORMALIZATIONS.length + n]![0]!.trainAccuracy.at(-1)!.toFixed(3);
  return {
    title,
    columns: [what, ...NORMALIZATIONS.map(([name]) => name)],
    rows: values.map((value, k) => [value, ...NORMALIZATIONS.map((_, n) => accuracy(k, n))]),
    note: "Training accuracy after ten epochs of minibatches of 50, Adam at 1e-3.",
  };
}
