/** Kind browser_parity, for wherever it is run: numbers that engines have computed differently. */
import { expect } from "vitest";
import {
  add,
  compile,
  cos,
  div,
  exp,
  expm1,
  log,
  log1p,
  mul,
  pow,
  sin,
  sub,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../src/index.ts";

export interface Entry {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

type Map = (x: Tensor) => Tensor;

/** Units in the last place, as the eye sees them: relative to the number itself. */
const ULP = 2 ** -52;

function expectNumbers(f: Map, x: Tensor, expected: readonly number[], relative: number): void {
  for (const [way, g] of [
    ["eager", f],
    ["compiled", compile(f)],
  ] as const) {
    const { data } = g(x);
    expected.forEach((e, i) => {
      expect(Math.abs(data[i]! - e), `${way}, ${i}: ${data[i]} for ${e}`).toBeLessThanOrEqual(
        relative * Math.abs(e),
      );
    });
  }
}

/** Its value each, and the gradient of their sum. */
function expectFunction(f: Map, x: Tensor, entry: Entry, relative: number): void {
  const { value_each: values, grad } = entry.expected as {
    readonly value_each: readonly number[];
    readonly grad: { readonly x: readonly number[] };
  };
  expectNumbers(f, x, values, relative);
  expectNumbers((t) => valueAndGrad((u: Tensor) => sum(f(u)))(t)[1][0], x, grad.x, relative);
}

const tan: Map = (x) => div(sin(x), cos(x));
const atanh: Map = (x) => mul(0.5, sub(log1p(x), log1p(mul(x, -1))));

export const PARITY: Readonly<Record<string, (entry: Entry) => void>> = {
  "BR-248"({ input, expected }) {
    const a = tensor([(input["a_times_2^56"] as number) * 2 ** -56]);
    const b = tensor([(input["b_times_2^52"] as number) * 2 ** -52]);
    expectNumbers((t) => pow(t, b), a, [expected["value"] as number], 4 * ULP);
  },
  "BR-249"({ expected }) {
    const [e, half, power] = expected["value"] as readonly [number, number, number];
    expectNumbers(exp, tensor([1]), [e], 2 * ULP);
    expectNumbers(atanh, tensor([0.5]), [half], 2 * ULP);
    expectNumbers((t) => pow(t, 1e6), tensor([1 + 1e-6]), [power], 1e-9);
    expectNumbers((t) => exp(mul(1e6, log(t))), tensor([1 + 1e-6]), [power], 1e-9);
  },
  "BR-250"({ input, expected }) {
    const x = tensor(input["x"] as number[]);
    expectNumbers(expm1, x, expected["expm1"] as number[], expected["rtol"] as number);
    expectNumbers(log1p, x, expected["log1p"] as number[], expected["rtol"] as number);
    expectNumbers((t) => add(expm1(t), 0), x, expected["expm1"] as number[], 1e-14);
  },
  "BR-252"(entry) {
    const x = tensor(entry.input["x"] as number[], { dtype: "float32" });
    expectFunction(cos, x, entry, entry.expected["tol"] as number);
  },
  "BR-254"(entry) {
    expectFunction(tan, tensor(entry.input["x"] as number[]), entry, entry.expected["rtol"] as number);
  },
};
