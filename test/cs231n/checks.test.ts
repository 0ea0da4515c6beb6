/** The check cells of the course: which figures come out as printed, and that what is called printed is. */
import { describe, expect, test } from "vitest";
import { AFFINE_FORWARD, RELU_FORWARD } from "../../src/cs231n/checks/affine.ts";
import { BATCH_NORM_DX } from "../../src/cs231n/checks/batchNormBackward.ts";
import { BATCH_NORM_NETWORK } from "../../src/cs231n/checks/batchNormNetwork.ts";
import { CELLS, checks } from "../../src/cs231n/checks/index.ts";
import { asIs, listed, twelveDigits, withExponent } from "../../src/cs231n/checks/printed.ts";
import { bounded, figure, figures, lastBits } from "../../src/cs231n/checks/row.ts";
import { TWO_LAYER_NET } from "../../src/cs231n/checks/twoLayerNet.ts";
import { ADAM, MOMENTUM, RMSPROP } from "../../src/cs231n/checks/updates.ts";
import type { CheckRow } from "../../src/cs231n/result.ts";
import { courseFixture } from "../support/fixtures.ts";

const done: string[] = [];
const rows = checks((k, of) => done.push(`${k}/${of}`));

/** Every section, how many figures it has, and those whose verdict is not "same". */
const PROMISED: readonly (readonly [string, number, Readonly<Record<string, CheckRow["verdict"]>>?])[] = [
  ["Batch normalization: forward, training", 6, { "largest mean, gamma 1, beta 0": "within" }],
  ["Batch normalization: forward, test", 2],
  ["Batch normalization: backward", 3, { "dx error": "band" }],
  ["Batch normalization: the graph's backward and the closed form", 3, { "dx difference": "band" }],
  [
    "Batch normalization: network, reg 0",
    11,
    { "b1, largest gradient": "within", "b2, largest gradient": "within" },
  ],
  [
    "Batch normalization: network, reg 3.14",
    11,
    { "b1, largest gradient": "within", "b2, largest gradient": "within" },
  ],
  ["Layer normalization: forward", 6, { "largest mean, gamma 1, beta 0": "within" }],
  ["Layer normalization: backward", 3, { "dx error": "band" }],
  ["Affine layer: forward", 1, { difference: "band" }],
  ["Affine layer: backward", 3, { "dx error": "band", "dw error": "band" }],
  ["ReLU: forward", 1],
  ["ReLU: backward", 1],
  ["Affine and ReLU", 3],
  ["Losses", 4, { "softmax dx error": "band" }],
  ["Two-layer network", 3, { "scores, sum of differences": "within" }],
  ["Two-layer network, reg 0", 4, { "W2 error": "band" }],
  ["Two-layer network, reg 0.7", 4],
  ["Fully connected network, reg 0", 7],
  ["Fully connected network, reg 3.14", 7],
  ["SGD with momentum", 2],
  ["RMSProp", 2],
  ["Adam", 3],
  ["Dropout: forward", 7],
  ["Dropout: forward, 2017", 6],
  ["Dropout: backward", 1],
  ["Dropout: network, keep 1", 1],
  ["Dropout: network, keep 0.75", 7],
  ["Dropout: network, keep 0.5", 7],
];

test("every figure has the verdict that is promised of it", () => {
  expect([...new Set(rows.map(({ section }) => section))]).toEqual(PROMISED.map(([section]) => section));
  for (const [section, count, others = {}] of PROMISED) {
    const own = rows.filter((row) => row.section === section);
    expect(own, section).toHaveLength(count);
    for (const { what, verdict, published, ours } of own) {
      expect(verdict, `${section}, ${what}: ${published}, ours ${ours}`).toBe(others[what] ?? "same");
      if (verdict === "same") expect(ours).toBe(published);
    }
    for (const what of Object.keys(others)) expect(own.map((row) => row.what)).toContain(what);
  }
});

test("what is not the same says why; names are there once; progress is told", () => {
  for (const { verdict, note } of rows) if (verdict !== "same") expect(note).toMatch(/\w{3}/);
  const names = rows.map(({ section, what }) => `${section}: ${what}`);
  expect(new Set(names).size).toBe(names.length);
  expect(done).toEqual(CELLS.map((_, k) => `${k + 1}/${CELLS.length}`));
});

describe("published figures are those of the fixtures", () => {
  type Published = Readonly<Record<string, unknown>> | readonly unknown[];
  const known = (...sections: string[]): number[] =>
    rows
      .filter(({ section }) => sections.some((title) => section.startsWith(title)))
      .flatMap(({ published }) => numbersIn(published));

  test.each<[string, readonly string[], unknown?]>([
    ["01_bn_forward_train", ["Batch normalization: forward, training"]],
    ["02_bn_forward_test", ["Batch normalization: forward, test"]],
    ["03_bn_backward", ["Batch normalization: backward"], BATCH_NORM_DX],
    ["05_bn_network_check", ["Batch normalization: network"], BATCH_NORM_NETWORK],
    ["06_ln_forward", ["Layer normalization: forward"]],
    ["07_ln_backward", ["Layer normalization: backward"]],
    ["11_fc_network_check", ["Fully connected network"]],
    ["12_optim_sgd_momentum", ["SGD with momentum"], MOMENTUM],
    ["13_optim_rmsprop", ["RMSProp"], RMSPROP],
    ["14_optim_adam", ["Adam"], ADAM],
    ["15_dropout_forward", ["Dropout: forward"]],
    ["16_dropout_backward", ["Dropout: backward"]],
    ["17_dropout_network_check", ["Dropout: network"]],
    ["18_losses", ["Losses"]],
    ["19_affine_forward", ["Affine layer: forward"], AFFINE_FORWARD],
    ["20_affine_backward", ["Affine layer: backward"]],
    ["21_relu_forward", ["ReLU: forward"]],
    ["22_relu_backward", ["ReLU: backward"]],
    ["23_affine_relu", ["Affine and ReLU"]],
    ["24_two_layer_net", ["Two-layer network"], TWO_LAYER_NET],
  ])("%s", (name, sections, constants = []) => {
    const ours = new Set([...known(...sections), ...numbersIn(JSON.stringify(constants))]);
    const { published } = courseFixture<{ readonly published: Published }>(name);
    const theirs = leavesOf(published).flatMap(([path, leaf]) => figuresOf(name, path, leaf));
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.filter((value) => !ours.has(value))).toEqual([]);
  });

  test("04: a band, and zeros", () => {
    const { published } = courseFixture<{ readonly published: { readonly dx_difference: string } }>(
      "04_bn_backward_alt",
    );
    expect(published.dx_difference).toMatch(/1\.4e-11 .* dgamma 0\.0, dbeta 0\.0/);
    expect(known("Batch normalization: the graph's")).toEqual([2.2e-13, 1.4e-11, 0, 0]);
  });

  test("21: what is expected of relu, to eight decimals", () => {
    const { expected } = courseFixture<{ readonly expected: { readonly out: { readonly data: number[] } } }>(
      "21_relu_forward",
    );
    expect(listed(RELU_FORWARD.out.flat())).toBe(listed(expected.out.data));
  });

  /** Those of one entry that a check has to show. */
  function figuresOf(name: string, path: string, leaf: unknown): number[] {
    if (/note|says|speedup/.test(path) || String(leaf).includes("noise")) return [];
    // Ours lies beside what few notebooks print, by less than one bit of the gradient.
    if (name.startsWith("07") && path.includes("range")) return [];
    if (typeof leaf === "number") return [leaf];
    const all = numbersIn(String(leaf));
    // 2.85e-06 (2.4e-6..5.7e-6): the figure, and the ends of its range.
    return all.length === 1 ? all : [Math.min(...all), Math.max(...all)];
  }
});

function leavesOf(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  if ("shape" in value && "data" in value) return leavesOf(value.data, path);
  return Object.entries(value).flatMap(([key, part]) =>
    key === "p_keep" ? [] : leavesOf(part, `${path}/${key}`),
  );
}

function numbersIn(text: string): number[] {
  return (text.match(/-?\d+(\.\d*)?(e[-+]?\d+)?/g) ?? []).map(Number);
}

describe("verdicts", () => {
  const published = "1.50e-09";
  const row = (value: number, band?: [number, number]): CheckRow =>
    figure("s", {
      what: "w",
      published,
      value,
      print: withExponent,
      band: band && { low: band[0], high: band[1], note: "why" },
    });

  test("same by the printed digits, band between its ends, else differs", () => {
    expect(row(1.5049e-9)).toEqual({ section: "s", what: "w", published, ours: published, verdict: "same" });
    expect(row(1.5051e-9).verdict).toBe("differs");
    expect(row(1.6e-9, [1e-9, 1.6e-9])).toMatchObject({ ours: "1.60e-09", verdict: "band", note: "why" });
    expect(row(1.7e-9, [1e-9, 1.6e-9]).verdict).toBe("differs");
    expect(row(Number.NaN, [1e-9, 1.6e-9]).verdict).toBe("differs");
    expect(figures("s", "w", "1., 2.5", [1, 2.5]).verdict).toBe("same");
    expect(figures("s", "w", "1., 2.5", [1, 2.50000001]).verdict).toBe("differs");
    expect(figures("s", "w", "1., 2.5", [1]).verdict).toBe("differs");
  });

  test("within up to the bound", () => {
    const of = (value: number): string =>
      bounded("s", { what: "w", published: "0", value, bound: 1e-12, note: "why" }).verdict;
    expect([of(1e-12), of(-1e-13), of(1.1e-12), of(Number.NaN)]).toEqual([
      "within",
      "within",
      "differs",
      "differs",
    ]);
  });

  test("the last bits reach 1e-15", () => {
    const { low, high } = lastBits("1.5e-09");
    expect(high - low).toBeCloseTo(2e-15, 20);
  });
});

test("numbers are printed as Python prints them", () => {
  // repr(x) and "%.2e" % x of Python 3, print x of Python 2.
  expect([0, 1e-4, 9.5e-5, 12, 1e16, 0.1, -2.5e-10].map(asIs)).toEqual([
    "0.0",
    "0.0001",
    "9.5e-05",
    "12.0",
    "1e+16",
    "0.1",
    "-2.5e-10",
  ]);
  expect([1.0951e-4, 5e-11, 1e-100].map(withExponent)).toEqual(["1.10e-04", "5.00e-11", "1.00e-100"]);
  expect([10.021625749126565, 0.5].map(twelveDigits)).toEqual(["10.0216257491", "0.5"]);
  expect(listed([1, 0.999999994, -2.38145980123])).toBe("1., 0.99999999, -2.3814598");
});
