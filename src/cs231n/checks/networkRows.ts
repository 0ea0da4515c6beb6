import { scalar, type Tensor } from "../../../graph/index.ts";
import { mul } from "../../../ops/index.ts";
import { type FullyConnectedOptions, fullyConnectedNet } from "../../nn/index.ts";
import type { CheckRow } from "../result.ts";
import { centralDifferences, relError } from "./differences.ts";
import { lossAlong, type Network } from "./numpy/network.ts";
import type { CourseRandom } from "./numpy/random.ts";
import { withExponent } from "./printed.ts";
import { type Band, bounded, figure } from "./row.ts";

/** The error of a parameter's gradient, as printed; with the range in which notebooks print others, where they do. */
export type PublishedError = string | readonly [printed: string, low: number, high: number, note?: string];

/** What a notebook prints of a network. A parameter whose gradient is 0 in truth has `null`. */
export interface PublishedNetwork {
  readonly loss: string;
  readonly errors: Readonly<Record<string, PublishedError | null>>;
}

/** Two examples of fifteen numbers, and their labels: `np.random.randn(2, 15)`, `np.random.randint(10, size=2)`. */
export function drawnExamples(random: CourseRandom): { readonly x: Tensor; readonly labels: Tensor } {
  return { x: random.randn(2, 15), labels: random.randint(10, [2]) };
}

/** The network that notebooks check on them. */
export const CHECKED: FullyConnectedOptions & { readonly hiddenDims: readonly [number, number] } = {
  hiddenDims: [20, 30],
  inputDim: 15,
  numClasses: 10,
  dtype: "float64",
};

/** Its parameters, with weights from the course's stream. */
export function drawnParams(
  random: CourseRandom,
  params: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(params).map(([name, t]) => [
      name,
      name.startsWith("W") ? mul(5e-2, random.randn(...t.shape)) : t,
    ]),
  );
}

/** Loss and gradients of the library's network, and the errors of these by differences of the course's loss. */
export function networkRows(
  section: string,
  options: FullyConnectedOptions,
  network: Network,
  published: PublishedNetwork,
): CheckRow[] {
  const net = fullyConnectedNet(options);
  const { params, x, labels } = network;
  const { loss, grads } = net.loss({ params, state: net.state }, x, labels);
  return [
    figure(section, { what: "initial loss", published: published.loss, value: loss }),
    ...gradientRows(section, network, grads, published.errors),
  ];
}

/** The errors of gradients by differences of the course's loss. */
export function gradientRows(
  section: string,
  network: Network,
  grads: Readonly<Record<string, Tensor>>,
  errors: PublishedNetwork["errors"],
): CheckRow[] {
  return Object.entries(errors).map(([name, error]): CheckRow => {
    const gradient = grads[name]!;
    if (error === null) return zeroRow(section, name, gradient);
    const numeric = centralDifferences(network.params[name]!, lossAlong(network, name), scalar(1));
    const [published, band] = typeof error === "string" ? [error] : [error[0], bandOf(error)];
    return figure(section, {
      what: `${name} error`,
      published,
      value: relError(numeric, gradient),
      print: withExponent,
      band,
    });
  });
}

function bandOf([, low, high, note]: Exclude<PublishedError, string>): Band {
  return { low, high, note: note ?? `notebooks print ${withExponent(low)} to ${withExponent(high)}` };
}

/** Batch norm takes away what a bias adds. */
function zeroRow(section: string, name: string, gradient: Tensor): CheckRow {
  return bounded(section, {
    what: `${name}, largest gradient`,
    published: "noise",
    value: Math.max(...Array.from(gradient.data, Math.abs)),
    bound: 1e-12,
    note: "batch norm takes away what a bias adds: its true gradient is 0, and notebooks print errors of 1e-9 to 2e-3",
  });
}
