/**
 * Every public function, given what it cannot take: an error of the right class that begins with the function's name
 * and says what was expected and what came, before anything is computed, and nothing is lost by it.
 *
 * A function that is exported and in no table fails here: that is how a new one gets thought of. Only an op that has a
 * record needs no row: its record says what it rejects, and what every op refuses is tried on it anyway.
 */
import { expect, describe as group, test } from "vitest";
import * as wengert from "../src/index.ts";
import {
  add,
  certify,
  customVjp,
  deferred,
  grad,
  hessian,
  hvp,
  invariances,
  isFloat,
  jacobian,
  jvp,
  mul,
  neg,
  record,
  rewrite,
  ShapeError,
  scalar,
  type Tensor,
  trace,
  valueAndGrad,
  vjp,
  WengertError,
  withBlame,
  withOrigins,
} from "../src/index.ts";
import { CERTIFYING } from "./badInput/certifying.ts";
import { CORE } from "./badInput/core.ts";
import { CREATION, METHODS, SOURCES } from "./badInput/creation.ts";
import { ANYTHING, type ErrorKind } from "./badInput/kinds.ts";
import type { Misuse, Table } from "./badInput/misuse.ts";
import { clash, empty, integers, single, v, x } from "./badInput/misuse.ts";
import { OPS } from "./badInput/ops.ts";
import { TRANSFORMS } from "./badInput/transforms.ts";

const TABLES: Readonly<Record<string, Table>> = {
  core: CORE,
  ops: OPS,
  creation: CREATION,
  methods: METHODS,
  transforms: TRANSFORMS,
  certifying: CERTIFYING,
};

/** They answer whatever they are asked, and never throw. */
const TOTAL: Readonly<Record<string, (value: unknown) => unknown>> = {
  describe: wengert.describe,
  isFloat: (value) => isFloat(value as never),
};

/** Classes that are not made by callers: what makes them is in a table. Errors are what all this is about. */
const CLASSES = ["Tensor", "Random", "NumPyRandom"];

const exported: Readonly<Record<string, unknown>> = wengert;

test("every function that is exported has been thought of", () => {
  const known = new Set([
    ...Object.values(TABLES).flatMap((table) => Object.keys(table)),
    ...Object.keys(TOTAL),
  ]);
  const forgotten = Object.entries(exported)
    .filter(([name, value]) => typeof value === "function" && !known.has(name) && !CLASSES.includes(name))
    .filter(
      ([, value]) =>
        !(value === WengertError || (value as typeof WengertError).prototype instanceof WengertError),
    )
    .map(([name]) => name);
  expect(forgotten.filter((name) => !isOp(name))).toEqual([]);
  for (const name of forgotten) {
    for (const bad of ["1", null, undefined, {}, [1, 2], 1n, () => 1]) {
      expect(() => exportedFunction(name)(bad, bad), name).toThrow(WengertError);
    }
  }
});

/** Whether a function's record is exported beside it: `exp` and `Exp`. */
function isOp(name: string): boolean {
  const record = exported[name[0]!.toUpperCase() + name.slice(1)];
  return typeof record === "object" && record !== null && "kernel" in record;
}

test("every method of a source of random numbers has been thought of", () => {
  const { random, numpyRandom } = SOURCES;
  const names = (of: object, prefix: string): string[] =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(of)).map((name) => `${prefix}.${name}`);
  const forgotten = [...names(random, "random"), ...names(numpyRandom, "numpyRandom")].filter(
    (name) => !/\.(constructor|state)$/.test(name) && !(name in METHODS),
  );
  expect(forgotten).toEqual([]);
});

for (const [table, entries] of Object.entries(TABLES)) {
  group(table, () => {
    test.each(Object.keys(entries))("%s", async (name) => {
      expect(await complaints(name, entries[name]!)).toEqual([]);
    });
  });
}

test.each(Object.keys(TOTAL))("%s answers whatever it is asked", (name) => {
  for (const value of ANYTHING) expect(() => TOTAL[name]!(value)).not.toThrow();
});

const THROWN = [new RangeError("mine"), new ShapeError("mine", "a", "b"), "a string", undefined, null];

test.each<[string, (f: (t: Tensor) => never) => unknown]>([
  ["grad", (f) => grad(f)(1)],
  ["valueAndGrad", (f) => valueAndGrad(f)(1)],
  ["vjp", (f) => vjp(f, 1)],
  ["jvp", (f) => jvp(f, [1], [1])],
  ["jacobian", (f) => jacobian(f)(1)],
  ["hessian", (f) => hessian(f)(1)],
  ["hvp", (f) => hvp(f, [1], [1])],
  ["record", (f) => record(f, 1)],
  ["trace", (f) => trace(f, [scalar(1)], true)],
  ["certify", (f) => certify(f, 1)],
  ["invariances", (f) => invariances(f, [], scalar(1))],
  ["withOrigins", (f) => withOrigins(() => f(scalar(1)))],
  ["withBlame", (f) => withBlame(() => f(scalar(1)))],
  ["customVjp, its f", (f) => customVjp(f, () => [null])(scalar(1))],
  [
    "customVjp, its rule",
    (f) =>
      grad(
        customVjp(
          (t: Tensor) => mul(t, 2),
          (at) => f(at.y),
        ),
      )(scalar(1)),
  ],
  ["grad within grad", (f) => grad((t: Tensor) => mul(t, grad(f)(1)[0]))(1)],
  ["rewrite", (f) => rewrite(record(neg, 1), () => f(scalar(1)))],
  ["deferred", (f) => deferred([1], "float64", () => f(scalar(1))).data],
])("what is thrown inside %s comes out as it is", (_, call) => {
  for (const thrown of THROWN) {
    const f = (): never => {
      throw thrown;
    };
    expect(caught(() => call(f))).toEqual({ thrown });
    expect(works()).toBe(true);
  }
});

function caught(call: () => unknown): { readonly thrown: unknown } | null {
  try {
    call();
    return null;
  } catch (thrown) {
    return { thrown };
  }
}

/** What is wrong with how a function takes its misuses, a line each. */
async function complaints(name: string, misuse: Misuse): Promise<string[]> {
  const { good, wrong = {}, calls = [], name: said = name } = misuse;
  const call = misuse.call ?? exportedFunction(name);
  const found: string[] = [];
  await Promise.resolve(call(...good)).catch((error: unknown) => found.push(`a good call: ${String(error)}`));
  const states = JSON.stringify(Object.values(SOURCES).map((source) => source.state()));
  const before = bits();

  const tried = async (what: string, args: readonly unknown[], kind: ErrorKind): Promise<void> => {
    const plain = await thrownBy(() => call(...args));
    found.push(...faults(plain, said, kind).map((fault) => `${what}: ${fault}`));
    if (!works()) found.push(`${what}: afterwards gradients are wrong`);
    // The same while a tape is open, on which some of it has been written perhaps.
    let inside: unknown = null;
    const outside = await thrownBy(() =>
      grad((t: Tensor) => {
        try {
          const made = call(...args);
          if (made instanceof Promise) made.catch(() => undefined);
        } catch (error) {
          inside = error;
          throw error;
        }
        return t;
      })(1),
    );
    if (inside !== null && inside !== outside) found.push(`${what}: another error comes out of grad`);
    if (inside !== null && String(inside) !== String(plain))
      found.push(`${what}, on a tape: ${String(inside)}`);
    if (!works()) found.push(`${what}, on a tape: afterwards gradients are wrong`);
  };

  for (const [slot, kinds] of Object.entries(wrong)) {
    for (const { what, value, error } of kinds) {
      await tried(`${what} for argument ${slot}`, withValue(good, Number(slot), value), error);
    }
  }
  for (const [what, args, error] of calls) await tried(what, args, error);

  if (bits() !== before) found.push("an input was changed");
  if (JSON.stringify(Object.values(SOURCES).map((source) => source.state())) !== states)
    found.push("a source of random numbers was moved on");
  return found;
}

function exportedFunction(name: string): (...args: readonly unknown[]) => unknown {
  const f = exported[name];
  if (typeof f !== "function") throw new Error(`no function ${name} is exported`);
  return (...args) => Reflect.apply(f, undefined, args);
}

function withValue(args: readonly unknown[], k: number, value: unknown): unknown[] {
  const changed = [...args];
  changed[k] = value;
  return changed;
}

async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return null;
  } catch (error) {
    return error;
  }
}

/** Class, name, parts and wording. */
function faults(error: unknown, name: string, kind: ErrorKind): string[] {
  if (error === null) return ["nothing was thrown"];
  if (!(error instanceof WengertError)) return [`not an error of ours: ${String(error)}`];
  const { message, op, expected, received, remedy } = error;
  const found: string[] = [];
  if (error.constructor !== kind) found.push(`${error.name} for ${kind.name}: ${message}`);
  if (op !== name || !message.startsWith(`${name}: `)) found.push(`not in the name of ${name}: ${message}`);
  if (expected === "" || received === "") found.push(`says too little: ${message}`);
  const whole = `${op}: ${expected}, got ${received}${remedy === "" ? "" : `; ${remedy}`}`;
  if (message !== whole || /undefined\[|\[object|NaN elements/.test(message))
    found.push(`badly put: ${message}`);
  return found;
}

/** d/dx x d/dy (x + y) = 1, on tapes that are the first and the second that are open. */
function works(): boolean {
  let levels: readonly (number | undefined)[] = [];
  const [slope] = grad((s: Tensor) => {
    const inner = grad((t: Tensor) => {
      levels = [s.place?.tape.level, t.place?.tape.level];
      return add(s, t);
    });
    return mul(s, inner(1)[0]);
  })(3);
  return slope.item() === 1 && levels[0] === 1 && levels[1] === 2;
}

/** The numbers of the tensors that the tables use. */
function bits(): string {
  return JSON.stringify([x, v, single, integers, clash, empty].map((t) => [t.dtype, t.shape, [...t.data]]));
}
