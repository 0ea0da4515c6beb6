/** Which line of the user's code applied an op: read off the stack, where anybody asks for it. */
import { ArgumentError } from "./errors.ts";
import { checkedFlag, checkedFunction } from "./options.ts";

/**
 * What is being watched while ops are applied. `bind` looks at `isTracking` and at nothing else, so that being able
 * to watch costs one check an op.
 */
export const watch: { isTracking: boolean; isBlaming: boolean; origin: string | null } = {
  isTracking: false,
  /** Never without isTracking. */
  isBlaming: false,
  /** The user's line that applied the op which is being applied now. */
  origin: null,
};

/**
 * Whether every node is to know the line of the user's code that applied it, as `file:line:column` in `Node.origin`.
 *
 * Off until it is called: reading the stack takes some twenty microseconds an op. Where the engine's stack cannot be read,
 * or library and user's code are bundled into one file, origins stay null.
 *
 * @throws ArgumentError for anything but true or false
 */
export function trackOrigins(on = true): void {
  watch.isTracking = checkedFlag("trackOrigins", "on", on, true) || watch.isBlaming;
}

/**
 * What f returns, with origins tracked while it runs (see {@link trackOrigins}).
 *
 * @throws ArgumentError for what is no function, or an async one: the mode would end before its work is done
 */
export function withOrigins<T>(f: () => T): T {
  return withWatch("withOrigins", f, watch.isBlaming);
}

/** f, run with origins tracked and blame on or off; both are afterwards as they were before, whatever happens. */
export function withWatch<T>(op: string, f: () => T, isBlaming: boolean): T {
  checkedFunction(op, "f", f);
  const late = LATE.get(Object.prototype.toString.call(f));
  if (late !== undefined) throw new ArgumentError(op, "a function that is done when it returns", late);
  const before = { ...watch };
  watch.isTracking = true;
  watch.isBlaming = isBlaming;
  try {
    const result = f();
    if (result instanceof Promise) {
      result.catch(() => undefined); // the error below says what there is to say
      throw new ArgumentError(op, "a function that is done when it returns", "a promise");
    }
    return result;
  } finally {
    Object.assign(watch, before);
  }
}

const LATE: ReadonlyMap<string, string> = new Map([
  ["[object AsyncFunction]", "an async function"],
  ["[object GeneratorFunction]", "a generator function"],
  ["[object AsyncGeneratorFunction]", "an async generator function"],
]);

/** The innermost frame outside the library, as `file:line:column`; null where there is none that can be read. */
export function userFrame(): string | null {
  // Few frames are cheap, and nearly always enough.
  return outermost(stack(16)) ?? outermost(stack(Number.POSITIVE_INFINITY));
}

function outermost(lines: readonly string[]): string | null {
  for (const line of lines) {
    const frame = located(line);
    if (frame !== null && !isOurs(frame.file)) return `${frame.file}:${frame.position}`;
  }
  return null;
}

/** The stack at this moment, a line a frame. `stackTraceLimit` is V8's; others give all frames. */
function stack(limit: number): string[] {
  const kind = Error as ErrorConstructor & { stackTraceLimit?: number };
  const before = kind.stackTraceLimit;
  // Reflect.set, which does not throw where a page has frozen Error.
  if (before !== undefined) Reflect.set(kind, "stackTraceLimit", limit);
  try {
    const text: unknown = new Error("where").stack;
    return typeof text === "string" ? text.split("\n") : [];
  } finally {
    if (before !== undefined) Reflect.set(kind, "stackTraceLimit", before);
  }
}

/** `at f (file:1:2)` and `at file:1:2` as V8 writes them, `f@file:1:2` as others do. */
function located(line: string): { readonly file: string; readonly position: string } | null {
  const found =
    /^\s*at (?:async )?.*? \((.+?):(\d+:\d+)\)$/.exec(line) ??
    /^\s*at (?:async )?(.+?):(\d+:\d+)$/.exec(line) ??
    /^[^@]*@(.+?):(\d+:\d+)$/.exec(line);
  const file = found?.[1];
  const position = found?.[2];
  if (file === undefined || position === undefined) return null;
  return file.startsWith("node:") || file.includes("<anonymous>") ? null : { file: plain(file), position };
}

/** A file's path, or its address on the net, without what loaders append. */
function plain(file: string): string {
  const path = file.replace(/[?#].*$/, "").replaceAll("\\", "/");
  if (!path.startsWith("file://")) return path;
  const local = path.slice("file://".length).replace(/^\/(?=[A-Za-z]:\/)/, "");
  try {
    return decodeURI(local);
  } catch {
    return local;
  }
}

function isOurs(file: string): boolean {
  return file === SELF || FOLDERS.some((folder) => file.startsWith(folder));
}

const SELF = plain((import.meta as ImportMeta & { readonly url?: string }).url ?? "");

/** The folders of the library, as source or as compiled; none in a bundle, where it is one file. */
const FOLDERS: readonly string[] = /\/graph\/origin\.[jt]s$/.test(SELF)
  ? ["graph/", "ops/", "src/"].map((folder) => SELF.replace(/graph\/origin\.[jt]s$/, folder))
  : [];
