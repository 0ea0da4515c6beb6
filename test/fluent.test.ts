import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, expectTypeOf, test } from "vitest";
import { METHODS } from "../src/fluent/methods.ts";
import "../src/fluent/index.ts";
import * as ops from "../ops/index.ts";
import { type Axes, grad, random, Tensor, tensor } from "../src/index.ts";

/** Ops that are no methods, and why. */
const NOT_METHODS: Readonly<Record<string, string>> = {
  concat: "takes an array",
  stack: "takes an array",
  ravelIndex: "takes an array",
  where: "its first argument is the condition",
  divOrZero: "a rule's op",
  exceeds: "a rule's op",
  recurrence: "a rule's op",
  scale: "a rule's op",
  unslice: "a rule's op",
};

/** Exports that make ops, and are none. */
const FAMILIES: readonly string[] = [
  "binary",
  "broadcasting",
  "elementwise",
  "fused",
  "linear",
  "primitive",
  "unary",
];

describe("wengert/fluent", () => {
  test("a chain is the nested calls", () => {
    const x = random(231).normal([4, 3]);
    const mu = x.mean(0);
    expect(x.sub(mu).square().mean(0).toArray()).toEqual(
      ops.mean(ops.square(ops.sub(x, ops.mean(x, 0))), 0).toArray(),
    );
    expect(tensor([3, 4]).square().sum().sqrt().item()).toBe(5);
  });

  // d/dx sum (x - 1)² = 2 (x - 1)
  test("is recorded like any op", () => {
    const [g] = grad((x: Tensor) => x.sub(1).square().sum())(tensor([3, 5]));
    expect(g.toArray()).toEqual([4, 8]);
  });

  test("takes what the function takes", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expectTypeOf(x.sum).toEqualTypeOf<(axes?: Axes, options?: { readonly keepDims?: boolean }) => Tensor>();
    expect(x.sum(-1, { keepDims: true }).toArray()).toEqual([[3], [7]]);
    expect(x.reshape([4]).max().item()).toBe(4);
    expect(x.split(2).map((part) => part.toArray())).toEqual([[[1, 2]], [[3, 4]]]);
    // @ts-expect-error a string is no operand
    expect(() => x.add("1")).toThrow("add: a tensor, a number or a boolean, got the string");
  });

  test("methods are ops, and ops that are none have a reason not to be", () => {
    const functions = Object.entries(ops)
      .filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name))
      .map(([name]) => name)
      .filter((name) => !FAMILIES.includes(name));
    // A new op need not be here: it becomes a method when it is listed.
    expect(functions).toEqual(expect.arrayContaining([...METHODS, ...Object.keys(NOT_METHODS)]));
    expect(METHODS.filter((name) => name in NOT_METHODS)).toEqual([]);
  });

  test("hides nothing that a tensor has", async () => {
    const own = ["shape", "dtype", "storage", "place", "name", "data", "rank", "size", "item", "constructor"];
    const methods: readonly string[] = METHODS;
    expect(methods.filter((name) => own.includes(name) || name.startsWith("to"))).toEqual([]);
  });

  test("methods do not show up where properties are listed", () => {
    const listed: string[] = [];
    for (const key in tensor(1)) listed.push(key);
    expect(listed.sort()).toEqual(["dtype", "name", "place", "shape", "storage"]);
  });

  test("may be imported again", async () => {
    const before = Reflect.ownKeys(Tensor.prototype);
    const method: unknown = Reflect.get(Tensor.prototype, "sub");
    await import("../src/fluent/index.ts?again" as string);
    expect(Reflect.get(Tensor.prototype, "sub"), "it ran again").not.toBe(method);
    expect(Reflect.ownKeys(Tensor.prototype)).toEqual(before);
    expect(tensor(3).sub(1).item()).toBe(2);
  });
});

/** The declarations of the build, as a project elsewhere sees them. */
describe("the built package", { timeout: 300_000 }, () => {
  const root = fileURLToPath(new URL("..", import.meta.url));

  /** What tsc says about a program that imports it. */
  function typesOf(program: string): string {
    const consumer = mkdtempSync(join(tmpdir(), "wengert-fluent-"));
    try {
      mkdirSync(join(consumer, "node_modules"));
      symlinkSync(root, join(consumer, "node_modules/wengert"), "junction");
      writeFileSync(join(consumer, "package.json"), '{ "type": "module" }');
      writeFileSync(join(consumer, "program.ts"), program);
      const compilerOptions = { target: "es2022", module: "nodenext", strict: true, types: [], noEmit: true };
      writeFileSync(
        join(consumer, "tsconfig.json"),
        JSON.stringify({ compilerOptions, files: ["program.ts"] }),
      );
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      return spawnSync(process.execPath, [tsc, "-p", "."], { cwd: consumer, encoding: "utf8" }).stdout;
    } finally {
      rmSync(consumer, { recursive: true, force: true });
    }
  }

  test("types the methods for whoever imports them", () => {
    expect(
      typesOf(`import { type Tensor, tensor } from "wengert";
import "wengert/fluent";
const y: Tensor = tensor([1, 2]).sub(1).square().mean(0, { keepDims: true });
y.sub(y).nonsense();
`),
    ).toMatch(/^program\.ts\(4,10\): error TS2339: Property 'nonsense' does not exist on type 'Tensor'\.\n$/);
  });

  test("and for nobody else", () => {
    expect(typesOf('import { tensor } from "wengert";\ntensor(1).sub(1);\n')).toContain(
      "(2,11): error TS2339: Property 'sub' does not exist on type 'Tensor'",
    );
  });
});
