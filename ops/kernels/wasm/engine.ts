/**
 * What there is of WebAssembly here.
 *
 * The types are written out because the language's own library has none: they come with a browser's or Node's.
 */
import { encodeModule, type Func, f32x4, f64, f64x2, func, i32, MEMORY_IMPORT } from "./encoder/index.ts";

/** A memory as seen from JavaScript. Growing it detaches the buffer and makes another. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  /** @throws RangeError where there is no room */
  grow(pages: number): number;
}

type Export = (...arguments_: number[]) => number | undefined;

interface Engine {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum?: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>,
  ) => { readonly exports: Readonly<Record<string, Export>> };
  validate(bytes: Uint8Array): boolean;
}

function engine(): Engine | undefined {
  return (globalThis as { readonly WebAssembly?: Engine }).WebAssembly;
}

let available: boolean | null = null;
let relaxed: boolean | null = null;

/**
 * Whether kernels of 128-bit vectors can run here. They cannot where the engine is older than they are, or where a
 * page's content security policy forbids compiling (without 'wasm-unsafe-eval'); the kernels in JavaScript do then.
 */
export function isSimdAvailable(): boolean {
  available ??= canRun();
  return available;
}

/** For tests: pretend that there are no such kernels (false), or find out again (null). */
export function setSimdAvailable(value: false | null): void {
  available = value;
}

function canRun(): boolean {
  try {
    const { add } = instantiated([SIMD_PROBE], newMemory(1));
    return add?.(1) === 2;
  } catch {
    return false;
  }
}

/** x + x, in a lane. */
const SIMD_PROBE: Func = func("add", ["i32"], (body, x) => {
  const y = f64x2.splat(f64.fromI32S(x));
  body.result(i32.fromF64(f64x2.lane(f64x2.add(y, y), 1)));
});

/** Whether the engine has fused multiply-add on vectors, with a result that depends on the machine. */
export function isRelaxedSimdAvailable(): boolean {
  if (relaxed === null) {
    const probe = func("probe", ["i32"], (body, at) => {
      body.store(at, f32x4.relaxedMadd(f32x4.load(at), f32x4.load(at), f32x4.load(at)));
    });
    relaxed = isSimdAvailable() && (engine()?.validate(encodeModule([probe])) ?? false);
  }
  return relaxed;
}

/** @throws where the engine refuses */
export function newMemory(pages: number): Memory {
  const { Memory } = present();
  return new Memory({ initial: pages });
}

/**
 * Compiled functions, by name, on this memory.
 *
 * @throws where the engine refuses
 */
export function instantiated(functions: readonly Func[], memory: Memory): Readonly<Record<string, Export>> {
  const { Module, Instance } = present();
  const imports = { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory } };
  return new Instance(new Module(encodeModule(functions)), imports).exports;
}

function present(): Engine {
  const found = engine();
  if (found === undefined) throw new RangeError("there is no WebAssembly here");
  return found;
}
