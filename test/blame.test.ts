/** Origins and blame: who made the first number that is not finite, and where in the user's code. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { Neg } from "../ops/neg.ts";
import {
  ArgumentError,
  add,
  bind,
  div,
  exp,
  grad,
  hvp,
  isNaN as isNaNTensor,
  jvp,
  log,
  matmul,
  mul,
  NonFiniteError,
  named,
  neg,
  type Primitive,
  RuleError,
  record,
  relu,
  scalar,
  scale,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
  trackOrigins,
  vjp,
  where,
  withBlame,
  withOrigins,
} from "../src/index.ts";

const file = fileURLToPath(import.meta.url);
const lines = readFileSync(file, "utf8").split("\n");

/** The line that ends in `// marker`, as origins are written, without the column. */
function lineOf(marker: string): string {
  const k = lines.findIndex((line) => line.endsWith(`// ${marker}`));
  if (k < 0) throw new Error(`no line is marked ${marker}`);
  return `${file}:${k + 1}`;
}

function blamed(f: () => unknown): NonFiniteError {
  try {
    withBlame(f);
  } catch (error) {
    if (error instanceof NonFiniteError) return error;
    throw error;
  }
  return expect.fail("nothing was blamed");
}

const withoutColumn = (origin: string | null): string => (origin ?? "").replace(/:\d+$/, "");

/** Whether the modes are on, told from outside: by what they do. */
function modes(): readonly [isTracking: boolean, isBlaming: boolean] {
  const program = record((t: Tensor) => neg(t), scalar(1));
  const isTracking = Object.values(program.nodes).some(({ origin }) => origin !== null);
  try {
    log(scalar(0));
    return [isTracking, false];
  } catch {
    return [isTracking, true];
  }
}

afterEach(() => {
  trackOrigins(false);
  expect(modes()).toEqual([false, false]);
});

describe("origins", () => {
  const f = (t: Tensor): Tensor => {
    const y = square(t); // square
    return sum(mul(y, 2)); // mul
  };
  const originsOf = (): string[] => {
    const { nodes } = record(f, tensor([1, 2])); // record
    return Object.values(nodes).map(({ op, origin }) => `${op?.name} ${withoutColumn(origin)}`);
  };

  test("are off by default", () => {
    expect(originsOf()).toEqual(["undefined ", "square ", "undefined ", "mul ", "sum "]);
  });

  test.each([
    [
      "trackOrigins",
      () => {
        trackOrigins();
        return originsOf();
      },
    ],
    ["withOrigins", () => withOrigins(originsOf)],
  ])("%s: every node knows its line", (_, run) => {
    expect(run()).toEqual([
      `undefined ${lineOf("record")}`,
      `square ${lineOf("square")}`,
      `undefined ${lineOf("mul")}`,
      `mul ${lineOf("mul")}`,
      `sum ${lineOf("mul")}`,
    ]);
  });

  test("the column is that of the call", () => {
    const { nodes } = withOrigins(() => record(f, tensor([1, 2])));
    const origin = nodes[1]?.origin ?? "";
    const column = Number(origin.slice(origin.lastIndexOf(":") + 1));
    const k = lines.findIndex((line) => line.endsWith("// square"));
    expect(column).toBe(lines[k]!.indexOf("square(") + 1);
  });

  test("on every level of nested transforms", () => {
    const origins: (string | null)[] = [];
    withOrigins(() =>
      grad((t: Tensor) => {
        const inner = record((u: Tensor) => mul(u, t), scalar(3)); // inner
        origins.push(...Object.values(inner.nodes).map(({ origin }) => origin));
        return square(t);
      })(scalar(2)),
    );
    expect(new Set(origins.map(withoutColumn))).toEqual(new Set([lineOf("inner")]));
  });

  test("leave Error.stackTraceLimit as it was, and do without it", () => {
    const before = Error.stackTraceLimit;
    Error.stackTraceLimit = 3;
    try {
      expect(withOrigins(originsOf)[1]).toBe(`square ${lineOf("square")}`);
      expect(Error.stackTraceLimit).toBe(3);
    } finally {
      Error.stackTraceLimit = before;
    }
  });

  test.each([
    [
      "other engines",
      `userFrame@${file.replace("test/blame.test.ts", "graph/origin.ts")}:1:1\nf@http://a.b/c.js?v=1:7:9`,
    ],
    ["a path with signs in it", "Error\n    at http://a.b/c.js:7:9\n    at f (/x (1)/@y/z.js:1:1)"],
    ["an async frame", "Error\n    at async http://a.b/c.js:7:9"],
    [
      "an anonymous frame first",
      "Error\n    at Array.map (<anonymous>)\n    at Object.f (http://a.b/c.js:7:9)",
    ],
  ])("a stack as %s writes it", (_, text) => {
    expect(withStack(text, () => withOrigins(originsOf)[1])).toBe("square http://a.b/c.js:7");
  });

  test.each([["Error"], [""], [undefined], [42]])("a stack that cannot be read: %s", (stack) => {
    expect(withStack(stack, () => withOrigins(originsOf)[1])).toBe("square ");
  });

  /** With this for a stack wherever one is asked for. */
  function withStack<T>(stack: unknown, run: () => T): T {
    const before = Error.prepareStackTrace;
    Error.prepareStackTrace = () => stack;
    try {
      return run();
    } finally {
      if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
      else Error.prepareStackTrace = before;
    }
  }

  test("the line stands in the message about a wrong rule", () => {
    const wrong = (): Primitive<readonly [Tensor]> => ({
      ...Neg,
      name: "wrong",
      jvp: () => scalar(1),
      vjp: () => [scalar(1)],
    });
    const g = (t: Tensor): Tensor => sum(bind(wrong(), [t], undefined)); // wrong rule
    const x = tensor([1, 2]);
    const where = lineOf("wrong rule");
    expect(() => withOrigins(() => grad(g)(x))).toThrow(RuleError);
    expect(() => withOrigins(() => grad(g)(x))).toThrow(
      `float64[]; mend the rule: a differential has the shape and dtype of its primal; it was applied at ${where}`,
    );
    expect(() => withOrigins(() => jvp(g, [x], [x]))).toThrow(`it was applied at ${where}`);
    expect(() => grad(g)(x)).toThrow(/of its primal$/);
  });
});

describe("values", () => {
  test("log(0) * 0", () => {
    const x = named(tensor([3, 0, 1]), "x");
    const error = blamed(() =>
      grad(
        (t: Tensor) => sum(mul(log(t), 0)), // log of 0
      )(x),
    );
    expect(error).toMatchObject({ op: "log", which: "value", value: Number.NEGATIVE_INFINITY, index: [1] });
    expect(error.path).toEqual(["log", "x"]);
    expect(error.inputs).toEqual([
      { name: "x", shape: [3], dtype: "float64", min: 0, max: 3, at: { index: [1], value: 0 } },
    ]);
    expect(withoutColumn(error.origin)).toBe(lineOf("log of 0"));
    expect(error.message).toBe(
      "log: every number of its value to be finite, got -Infinity at [1] of float64[3]; " +
        `input 0 (x): float64[3], 0 to 3, 0 at [1]; applied at ${error.origin}; path: log <- x`,
    );
  });

  test.each([
    ["sqrt(-1)", (): Tensor => sqrt(tensor([4, -1])), "sqrt", Number.NaN, [1], [-1]],
    ["0 / 0", (): Tensor => div(scalar(0), scalar(0)), "div", Number.NaN, [], [0, 0]],
    ["exp(1000)", (): Tensor => exp(tensor([[1, 1000]])), "exp", Number.POSITIVE_INFINITY, [0, 1], [1000]],
  ])("%s, off the tape", (_, f, op, value, index, given) => {
    const error = blamed(f);
    expect(error).toMatchObject({ op, which: "value", value, index });
    expect(error.inputs.map(({ at }) => at?.value)).toEqual(given);
    expect(error.origin).toContain(`${file}:`);
  });

  test("in float32, where float64 would hold it", () => {
    const error = blamed(() => exp(tensor([100], { dtype: "float32" })));
    expect(error).toMatchObject({ op: "exp", inputs: [{ dtype: "float32", max: 100 }] });
    expect(withBlame(() => exp(tensor([100])).item())).toBeCloseTo(Math.exp(100), -30);
  });

  test("the path leads past unnamed ops to the parameter, through named ones", () => {
    const error = blamed(() =>
      grad((w: Tensor) => {
        const h = named(mul(w, tensor([2, 2])), "h");
        return sum(log(relu(neg(h))));
      })(named(tensor([1, 2]), "w")),
    );
    expect(error.path).toEqual(["log", "relu", "neg", "h", "w"]);
  });

  test("an inner function's path goes on outside it, to a name if there is one", () => {
    const error = blamed(() =>
      grad((w: Tensor) => {
        const h = square(w);
        return grad((t: Tensor) => div(t, sum(add(h, -4))))(scalar(1))[0];
      })(named(tensor([2]), "w")),
    );
    expect(error).toMatchObject({ op: "div", path: ["div", "sum", "add", "square", "w"] });
    const other = blamed(() =>
      grad((w: Tensor) => grad((t: Tensor) => mul(t, log(sum(add(square(w), -4)))))(scalar(1))[0])(
        named(tensor([2]), "w"),
      ),
    );
    expect(other).toMatchObject({ op: "log", path: ["log", "sum", "add", "square", "w"] });
  });

  test("thousands of ops deep", () => {
    const error = blamed(() => {
      let y = named(scalar(1), "x");
      return grad((t: Tensor) => {
        y = t;
        for (let i = 0; i < 2000; i++) y = neg(y);
        return log(mul(y, 0));
      })(y);
    });
    expect(error.path).toHaveLength(2003);
    expect(error.path.at(-1)).toBe("x");
  });
});

describe("leaves", () => {
  const params = {
    W1: tensor([
      [1, -1],
      [0.5, 2],
    ]),
    W2: tensor([
      [1, 2],
      [Number.NaN, 1],
    ]),
    W3: tensor([[1], [1]]),
  };
  const loss = ({ W1, W2, W3 }: typeof params): Tensor => {
    const h1 = relu(matmul(tensor([[1, 2]]), named(W1, "W1")));
    const h2 = relu(
      matmul(h1, named(W2, "W2")), // W2 is used
    );
    return sum(matmul(h2, named(W3, "W3")));
  };

  test("NaN in a parameter of the second layer of three", () => {
    const error = blamed(() => grad(loss)(params));
    expect(error).toMatchObject({ op: "leaf", which: "value", index: [1, 0], path: ["matmul", "W2"] });
    expect(error.inputs).toMatchObject([{ name: "W2", shape: [2, 2], min: 1, max: 2 }]);
    expect(withoutColumn(error.origin)).toBe(lineOf("W2 is used"));
    expect(error.message).toBe(
      "leaf: every number of W2 to be finite, got NaN at [1,0] of float64[2,2]; " +
        `first used at ${error.origin}; path: matmul <- W2`,
    );
  });

  test("overflow three layers down names the parameter behind it", () => {
    const W2 = tensor([
      [1e300, 2],
      [1, 1],
    ]);
    const error = blamed(() => grad(loss)({ ...params, W2, W3: tensor([[1e10], [1]]) }));
    expect(error).toMatchObject({ op: "matmul", which: "value", value: Number.POSITIVE_INFINITY });
    expect(error.path).toEqual(["matmul", "W3"]);
    expect(error.inputs[0]?.max).toBeGreaterThan(1e300);
  });

  test("a constant, and an input without a name", () => {
    const inf = scalar(Number.POSITIVE_INFINITY);
    expect(blamed(() => grad((t: Tensor) => mul(t, inf))(scalar(2)))).toMatchObject({
      op: "leaf",
      path: ["mul", "input 1 of mul"],
    });
    expect(blamed(() => grad((t: Tensor) => mul(t, 2))(inf))).toMatchObject({
      op: "leaf",
      path: ["mul", "input 0"],
    });
    expect(blamed(() => mul(2, inf))).toMatchObject({ op: "leaf", path: ["mul", "input 1 of mul"] });
  });

  test("what an op made before the mode was on is blamed on that op", () => {
    const error = (): NonFiniteError => {
      let caught: NonFiniteError | null = null;
      grad((t: Tensor) => {
        const bad = log(t);
        caught = blamed(() => mul(bad, 2));
        return t;
      })(named(scalar(0), "x"));
      return caught ?? expect.fail();
    };
    expect(error()).toMatchObject({ op: "log", path: ["mul", "log", "x"] });
  });

  test("NaN that an op takes out is nobody's fault", () => {
    const x = tensor([1, Number.NaN]);
    const f = (t: Tensor): Tensor => sum(where(isNaNTensor(t), 0, t));
    expect([...withBlame(() => grad(f)(x))[0].data]).toEqual([1, 0]);
  });
});

describe("tangents and cotangents", () => {
  const f = (t: Tensor): Tensor => sum(sqrt(t)); // sqrt of 0

  test("the infinite cotangent of sqrt at 0", () => {
    const error = blamed(() => grad(f)(named(tensor([4, 0]), "x")));
    expect(error).toMatchObject({
      op: "sqrt",
      which: "cotangent",
      value: Number.POSITIVE_INFINITY,
      index: [1],
    });
    expect(error.path).toEqual(["sqrt", "x"]);
    expect(withoutColumn(error.origin)).toBe(lineOf("sqrt of 0"));
    expect(error.message).toContain(
      "every number of its cotangent for input 0 to be finite, got Infinity at [1]",
    );
  });

  test("its tangent", () => {
    const error = blamed(() => jvp(f, [tensor([4, 0])], [tensor([1, 1])]));
    expect(error).toMatchObject({ op: "sqrt", which: "tangent", value: Number.POSITIVE_INFINITY });
    expect(withBlame(() => jvp(f, [tensor([4, 0])], [tensor([1, 0])]))[1].item()).toBe(0.25);
  });

  test("a sum of cotangents that overflows", () => {
    const g = (t: Tensor): Tensor => add(mul(t, 1e308), mul(t, 1e308));
    expect(blamed(() => grad(g)(scalar(0.1)))).toMatchObject({ op: "mul", which: "cotangent" });
  });

  test("second order", () => {
    // d²/dx² x^1.5 = 0.75 / sqrt(x)
    const g = (t: Tensor): Tensor => mul(t, sqrt(t));
    const error = blamed(() => hvp(g, [scalar(0)], [scalar(1)]));
    expect(error.which).toMatch(/tangent/);
    const second = withBlame(() => hvp(g, [scalar(4)], [scalar(1)]));
    expect(second[0].item()).toBeCloseTo(0.375, 14);
  });

  test("seeds", () => {
    const nan = tensor([1, Number.NaN]);
    const square2 = (t: Tensor): Tensor => square(t);
    expect(blamed(() => vjp(square2, tensor([1, 2]))[1](nan))).toMatchObject({
      which: "cotangent",
      path: ["seed 0"],
    });
    expect(blamed(() => jvp(square2, [tensor([1, 2])], [nan]))).toMatchObject({
      which: "tangent",
      path: ["seed 0"],
    });
  });

  test("dead branches have slopes that nobody asks for", () => {
    const x = tensor([0, 4]);
    const g = (t: Tensor): Tensor => sum(where(tensor([false, true]), sqrt(t), t));
    expect([...withBlame(() => grad(g)(x))[0].data]).toEqual([1, 0.25]);
    expect(withBlame(() => jvp(g, [x], [tensor([0, 1])]))[1].item()).toBe(0.25);
    expect([...withBlame(() => grad((t: Tensor) => sum(scale(sqrt(t), 0)))(x))[0].data]).toEqual([0, 0]);
  });

  test("a gradient that vanishes is no error", () => {
    const [xBar] = withBlame(() => grad((t: Tensor) => exp(neg(square(t))))(scalar(40)));
    expect(xBar.item()).toBeCloseTo(0, 300);
    expect(withBlame(() => grad((_: Tensor) => scalar(3))(scalar(1)))[0].item()).toBe(0);
  });
});

describe("the modes", () => {
  test("end with the function, even when it throws", () => {
    expect(withBlame(modes)).toEqual([true, true]);
    expect(() =>
      withBlame(() => {
        throw new TypeError("mine");
      }),
    ).toThrow("mine");
    expect(modes()).toEqual([false, false]);
    blamed(() => grad((t: Tensor) => grad((u: Tensor) => sqrt(mul(u, t)))(scalar(1))[0])(scalar(0)));
    expect(modes()).toEqual([false, false]);
    trackOrigins();
    expect(withOrigins(modes)).toEqual([true, false]);
    expect(modes()).toEqual([true, false]);
  });

  test("nest: origins inside blame still blame, and blame inside a rule comes back", () => {
    expect(withBlame(() => withOrigins(modes))).toEqual([true, true]);
    expect(withOrigins(() => [withBlame(modes), modes()])).toEqual([
      [true, true],
      [true, false],
    ]);
    expect(
      withBlame(() => {
        trackOrigins(false);
        return modes();
      }),
    ).toEqual([true, true]);
    withBlame(() => {
      grad((t: Tensor) => square(t))(scalar(1));
      expect(modes()).toEqual([true, true]);
    });
  });

  test("after an error tapes are closed: the same function can be differentiated", () => {
    const g = (t: Tensor): Tensor => sum(log(t));
    blamed(() => grad(g)(tensor([0])));
    expect(grad(g)(tensor([4]))[0].item()).toBe(0.25);
  });

  test("off, nothing is checked", () => {
    expect(log(scalar(0)).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(grad((t: Tensor) => sqrt(t))(scalar(0))[0].item()).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ["withBlame", withBlame],
    ["withOrigins", withOrigins],
  ])("%s refuses what is not done when it returns", (_, run) => {
    const never = (): never => expect.fail("it was run");
    expect(() => run(async () => never())).toThrow(ArgumentError);
    expect(() => run(() => Promise.reject(new Error("late")))).toThrow(
      "a function that is done when it returns, got a promise",
    );
    expect(() =>
      run(function* () {
        yield never();
      }),
    ).toThrow(ArgumentError);
    expect(() => run("f" as never)).toThrow(ArgumentError);
    expect(modes()).toEqual([false, false]);
  });

  test("trackOrigins takes true or false", () => {
    expect(() => trackOrigins("yes" as never)).toThrow(ArgumentError);
  });
});
