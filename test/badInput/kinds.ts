/** What can be wrong with an argument, by the kind of argument that is due. */
import {
  ArgumentError,
  AxisError,
  DTypeError,
  type NdArray,
  ShapeError,
  Tensor,
  tensor,
  type WengertError,
} from "../../src/index.ts";

/** A class of errors. */
export type ErrorKind = new (...message: never[]) => WengertError;

/** A value that is wrong, and the error that it has to give. */
export interface Wrong {
  readonly what: string;
  readonly value: unknown;
  readonly error: ErrorKind;
}

class Layer {
  readonly weight: number = 1;
}

/** An array that contains itself. */
export const CYCLE: readonly unknown[] = (() => {
  const a: unknown[] = [];
  a.push(a);
  return a;
})();

/** The array with a hole in it, as `[0, , 1]` has. */
export function holed(values: readonly unknown[], at: number): unknown[] {
  const a = [...values];
  delete a[at];
  return a;
}

/** A tensor as another copy of the library would make it. */
class ForeignTensor implements NdArray {
  readonly shape: readonly number[] = [2];
  readonly dtype = "float64";
  readonly data: Float64Array = new Float64Array(2);
}
Object.defineProperty(ForeignTensor, "name", { value: "Tensor" });

/** Values that are neither numbers, booleans, tensors, arrays nor plain objects. */
const STRANGE: Readonly<Record<string, unknown>> = {
  "a string": "1",
  "an empty string": "",
  "a bigint": 1n,
  "a symbol": Symbol("axis"),
  "a function": () => 1,
  "a promise": Promise.resolve(1),
  "a class instance": new Layer(),
  "a Map": new Map([["a", 1]]),
  "a Date": new Date(0),
};

const NOTHING: Readonly<Record<string, unknown>> = { null: null, undefined };

function wrong(values: Readonly<Record<string, unknown>>, error: ErrorKind): Wrong[] {
  return Object.entries(values).map(([what, value]) => ({ what, value, error }));
}

/** Another error than the kind's own, for some of its values. */
export function but(kind: readonly Wrong[], what: readonly string[], error: ErrorKind): Wrong[] {
  return kind.map((w) => (what.includes(w.what) ? { ...w, error } : w));
}

/** The kind without some of its values. */
export function without(kind: readonly Wrong[], ...what: readonly string[]): Wrong[] {
  return kind.filter((w) => !what.includes(w.what));
}

/** Where a tensor, a number or a boolean is due. */
export const TENSOR: readonly Wrong[] = wrong(
  {
    ...STRANGE,
    ...NOTHING,
    "an object": {},
    "an array": [1, 2],
    "nested arrays": [[1], [2]],
    "a typed array": Float64Array.of(1, 2),
    "a tensor's parts": { shape: [1], dtype: "float64", data: Float64Array.of(1) },
    "another copy's tensor": new ForeignTensor(),
  },
  ArgumentError,
);

/** Where a tensor itself is due, and no number will do. */
export const TENSOR_ITSELF: readonly Wrong[] = [...TENSOR, ...wrong({ "a number": 1 }, ArgumentError)];

/** Where a function is due. */
export const FUNCTION: readonly Wrong[] = without(
  wrong({ ...STRANGE, ...NOTHING, "a number": 1, "an object": {}, "an array": [] }, ArgumentError),
  "a function",
);

/** Where one axis of a tensor of this rank is due. */
export function axis(rank: number): Wrong[] {
  return wrong(
    {
      ...STRANGE,
      null: null,
      "one too far": rank,
      "one too far back": -rank - 1,
      "one and a half": 1.5,
      NaN: Number.NaN,
      Infinity: Number.POSITIVE_INFINITY,
      "an axis in quotes": "0",
      "a boolean": true,
      "an object": {},
    },
    AxisError,
  );
}

/** Where an axis or several are due. */
export function axes(rank: number): Wrong[] {
  const several: Record<string, unknown> = {};
  if (rank > 0) {
    several["an axis twice"] = [0, 0];
    several["an axis twice, once from the back"] = [0, -rank];
    several["a hole"] = holed([0, 1], 1);
  }
  for (const { what, value } of axis(rank)) several[`${what}, in an array`] = [value];
  return [...axis(rank), ...wrong(several, AxisError)];
}

/** Where a shape is due. */
export const SHAPE: readonly Wrong[] = wrong(
  {
    ...STRANGE,
    ...NOTHING,
    "a number": 3,
    "an object": { 0: 1, length: 1 },
    "a size below 0": [2, -7],
    "half a size": [1.5],
    "NaN for a size": [Number.NaN],
    "Infinity for a size": [Number.POSITIVE_INFINITY],
    "a size in quotes": ["2"],
    "null for a size": [null],
    "a symbol for a size": [Symbol("d")],
    "a bigint for a size": [2n],
    "a hole": holed([3, 1], 1),
    "nested sizes": [[2]],
    "itself for a size": CYCLE,
    "a typed array": Int32Array.of(2, 3),
    "more than there can be": [2 ** 20, 2 ** 20],
  },
  ShapeError,
);

/** Where what helpers of shapes need is due: an array. They trust what is in it. */
export const ARRAY_FOR_SHAPE: readonly Wrong[] = wrong(
  { ...STRANGE, ...NOTHING, "a number": 3, "an object": { 0: 1, length: 1 } },
  ShapeError,
);

/** Where the name of a dtype is due. */
export const DTYPE: readonly Wrong[] = wrong(
  {
    ...STRANGE,
    null: null,
    "a half": "float16",
    "a double": "double",
    "a number": 64,
    "an array": ["int32"],
  },
  DTypeError,
);

/** Where a count is due. */
export function count(error: ErrorKind = ArgumentError, least = 0): Wrong[] {
  return wrong(
    {
      ...STRANGE,
      null: null,
      "one too few": least - 1,
      "one and a half": 1.5,
      NaN: Number.NaN,
      Infinity: Number.POSITIVE_INFINITY,
      "a number in quotes": "3",
      "a boolean": true,
      "an object": {},
    },
    error,
  );
}

/** Where a finite number is due. */
export const FINITE: readonly Wrong[] = wrong(
  {
    ...STRANGE,
    null: null,
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    "-Infinity": Number.NEGATIVE_INFINITY,
    "a boolean": true,
    "an object": {},
    "an array": [1],
  },
  ArgumentError,
);

/** Where any number is due. */
export const NUMBER: readonly Wrong[] = without(FINITE, "NaN", "Infinity", "-Infinity");

/** Where a non-empty string is due. */
export const TEXT: readonly Wrong[] = without(
  wrong({ ...STRANGE, ...NOTHING, "a number": 1, "an object": {}, "an array": ["x"] }, ArgumentError),
  "a string",
);

/**
 * Where options are due: what is no record, a name that is none of theirs (a misspelt option), and for each option
 * the values that it cannot have.
 */
export function options(each: Readonly<Record<string, readonly Wrong[]>>, good: object = {}): Wrong[] {
  const values = Object.entries(each).flatMap(([name, kind]) =>
    kind.map((w): Wrong => ({ ...w, what: `${w.what} for ${name}`, value: { ...good, [name]: w.value } })),
  );
  const none = { ...STRANGE, null: null, "a number": 1, "a boolean": true, "an array": [] };
  const unknown = { "an option that is none": { ...good, keepdims: true }, "a tensor": tensor([1]) };
  return [...wrong({ ...none, ...unknown }, ArgumentError), ...values];
}

/** For an option that is true or false. */
export const FLAG: readonly Wrong[] = wrong(
  { ...STRANGE, null: null, "1": 1, "0": 0, yes: "yes", "an object": {}, "an array": [] },
  ArgumentError,
);

/** For a number that is added to a variance. */
export const EPS: readonly Wrong[] = wrong(
  {
    ...STRANGE,
    null: null,
    "less than 0": -1,
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    text: "1e-5",
  },
  ArgumentError,
);

/** Where a tree of tensors is due, by its path. */
export const TREE: readonly Wrong[] = without(
  wrong(
    {
      ...STRANGE,
      "a boolean": true,
      "a typed array": Float64Array.of(1),
      "a string in a tree": { w: "1" },
      "a promise in a tree": [Promise.resolve(1)],
      "a class instance in a tree": { layer: new Layer() },
      "a tree with a cycle": CYCLE,
    },
    ArgumentError,
  ),
);

/** Where a program or a tape is due. */
export const RECORDED: readonly Wrong[] = wrong(
  { ...STRANGE, ...NOTHING, "a number": 1, "an object": {}, "an array": [], "a tensor": tensor([1]) },
  ArgumentError,
);

/** Everything, for functions that answer whatever they are asked. */
export const ANYTHING: readonly unknown[] = [
  ...Object.values(STRANGE),
  ...Object.values(NOTHING),
  Number.NaN,
  {},
  [],
  CYCLE,
  Object.create(null),
  new Proxy({}, { getPrototypeOf: () => null, get: () => Symbol("anything") }),
  Proxy.revocable({}, {}).proxy,
  Tensor,
];
