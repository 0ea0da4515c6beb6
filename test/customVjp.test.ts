import { describe, expect, test } from "vitest";
import {
  certify,
  cos,
  customVjp,
  grad,
  jvp,
  mul,
  RuleError,
  record,
  replay,
  round,
  sin,
  sum,
  type Tensor,
  tensor,
  toText,
  vjp,
} from "../src/index.ts";

const x = tensor([0.5, -1, 2]);

describe("a right rule", () => {
  const sine = customVjp(
    function sine(t: Tensor) {
      return sin(t);
    },
    ({ x: [t] }, yBar) => [mul(yBar, cos(t))],
  );

  test("is used, and can be differentiated again", () => {
    const [g] = grad((t: Tensor) => sum(sine(t)))(x);
    expect([...g.data]).toEqual([...x.data].map(Math.cos));
    const [h] = grad((t: Tensor) => sum(grad((u: Tensor) => sum(sine(u)))(t)[0]))(x);
    h.data.slice().forEach((v, i) => {
      expect(v).toBeCloseTo(-Math.sin(x.data[i]!), 15);
    });
  });

  test("agrees with forward mode, which differentiates the function", () => {
    const [, yDot] = jvp((t) => sine(t), [x], [x]);
    yDot.data.slice().forEach((v, i) => {
      expect(v).toBeCloseTo(Math.cos(x.data[i]!) * x.data[i]!, 15);
    });
    expect(certify((t: Tensor) => sine(t), x).verdict).toBe("agrees");
  });

  test("is printed, and replayed on other numbers", () => {
    const program = record((t: Tensor) => sine(t), x);
    expect(toText(program)).toContain("sine(v0)");
    const [y] = replay(program, [tensor([1, 2, 3])]);
    expect([...y!.data]).toEqual([1, 2, 3].map(Math.sin));
  });
});

test("a rule that means to differ (straight through) does so, and certify says it", () => {
  const rounded = customVjp(
    (t: Tensor) => round(t),
    (_, yBar) => [yBar],
  );
  const [y, back] = vjp((t) => rounded(t), x);
  expect([...y.data]).toEqual([0, -1, 2]);
  expect([...back(tensor([1, 2, 3]))[0].data]).toEqual([1, 2, 3]);
  expect(certify((t: Tensor) => rounded(t), tensor([0.3, 1.2])).verdict).toBe("disagrees");
});

test("a rule that gives no fitting cotangent is a RuleError that names the function", () => {
  const bad = customVjp(
    function bad(t: Tensor) {
      return mul(t, 2);
    },
    (_, yBar) => [sum(yBar)],
  );
  expect(() => grad((t: Tensor) => sum(bad(t)))(x)).toThrow(RuleError);
  expect(() => grad((t: Tensor) => sum(bad(t)))(x)).toThrow(
    "vjp of bad: a cotangent for input 0 of float64[3]",
  );
});
