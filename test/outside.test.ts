/** Ops of a user's own are citizens like the built-in ones. */
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type AnyPrimitive,
  ArgumentError,
  bind,
  certify,
  certifyWith,
  type Fused,
  fused,
  grad,
  mul,
  primitive,
  record,
  type Shortcuts,
  sum,
  type Tensor,
  tensor,
  toText,
} from "../src/index.ts";
import { LAWS } from "./laws.ts";
import { RmsNorm, registration } from "./outside/rmsNorm.ts";
import { Softsign, softsign } from "./outside/softsign.ts";

const x = tensor([
  [1, -2, 0.5],
  [0.3, 4, -1],
  [2, 0.1, 0.7],
]);
const gamma = tensor([1, 0.5, 2]);
const params = { eps: 1e-5 };

describe.each([Softsign as AnyPrimitive, RmsNorm as AnyPrimitive])("$name obeys the laws", (op) => {
  test.each(Object.entries(LAWS))("%s", (_, law) => {
    expect(law(op, 7)).toBeNull();
  });
});

test("they are recorded, printed, differentiated and certified", () => {
  expect(toText(record(softsign, x))).toContain("softsign");
  const [g] = grad((t: Tensor) => sum(softsign(t)))(tensor([1, -3]));
  expect([...g.data]).toEqual([1 / 4, 1 / 16]);
  expect(certify(softsign, x).verdict).toBe("agrees");
  expect(certifyWith({ params: undefined }, Softsign, x).verdict).toBe("agrees");
  const report = certifyWith({ params }, RmsNorm, x, gamma);
  expect(report.verdict).toBe("agrees");
  expect(report.findings.map((f) => f.input)).toEqual("value,input 0,input 1,input 0,input 1".split(","));
});

test("a fused op without a reference does not compile, and is refused", () => {
  const { reference, ...rest } = registration;
  expectTypeOf(rest).not.toExtend<Shortcuts<readonly [Tensor, Tensor], { readonly eps: number }>>();
  expect(reference).toBeDefined();
  // @ts-expect-error: that is the point
  expect(() => fused(rest)).toThrow(ArgumentError);
  // @ts-expect-error: nor may any other part of the contract be left out
  expect(() => primitive({ name: "empty" })).toThrow("empty to have a function shape");
});

describe("a closed form that is wrong is reported", () => {
  type Op = Fused<readonly [Tensor, Tensor], { readonly eps: number }>;
  const wrong = (change: (bars: readonly (Tensor | null)[]) => (Tensor | null)[]): Op =>
    fused({
      ...registration,
      closedForm: (at, yBar) => change(registration.closedForm(at, yBar)) as [Tensor, Tensor],
    });

  test.each<[string, Op, string]>([
    ["a sign", wrong(([a, b]) => [mul(a!, -1), b!]), "input 0"],
    ["a factor of 1 + 1e-4", wrong(([a, b]) => [mul(a!, 1.0001), b!]), "input 0"],
    ["gamma's gradient missing", wrong(([a]) => [a!, null]), "input 1"],
    ["gamma's gradient doubled", wrong(([a, b]) => [a!, mul(b!, 2)]), "input 1"],
  ])("%s", (_, op, input) => {
    for (let seed = 1; seed <= 10; seed++) {
      const report = certifyWith({ params, seed }, op, x, gamma);
      expect(report.verdict).toBe("disagrees");
      expect(report.findings.filter((f) => f.verdict === "disagrees").map((f) => f.input)).toEqual([input]);
    }
  });

  test("a kernel that differs from the reference", () => {
    const op: Op = fused({
      ...registration,
      kernel(at, p, y) {
        registration.kernel(at, p, y);
        y.data[0] = y.data[0]! * (1 + 1e-6);
      },
    });
    const [value] = certifyWith({ params }, op, x, gamma).findings;
    expect(value).toMatchObject({ input: "value", verdict: "disagrees" });
    expect(value?.checks[0]?.worst?.index).toEqual([0, 0]);
  });

  test("its higher orders are right all the same: they come from the reference", () => {
    const op = wrong(([a, b]) => [mul(a!, -1), b!]);
    const second = (o: Op): Tensor =>
      grad((t: Tensor) => sum(grad((u: Tensor) => sum(mul(bind(o, [u, gamma], params), x)))(t)[0]))(x)[0];
    expect([...second(op).data]).toEqual([...second(RmsNorm).data]);
  });
});
