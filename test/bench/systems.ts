/** All that is compared, under the names that tables and `--system` have. */
import type { System } from "./running/prepared.ts";

interface Listed {
  readonly isOwn: boolean;
  readonly says: string;
  /** For systems in JavaScript. */
  readonly load?: () => Promise<System>;
  /** For systems in Python: the modules that they need. */
  readonly python?: readonly string[];
}

export const SYSTEMS: Readonly<Record<string, Listed>> = {
  wengert: {
    isOwn: true,
    says: "define-by-run: the tape is written anew each time",
    load: async () => (await import("./own/eager.ts")).system,
  },
  "wengert-compiled": {
    isOwn: true,
    says: "the same functions through compile",
    load: async () => (await import("./own/compiled.ts")).system,
  },
  "by-hand": {
    isOwn: true,
    says: "no library: loops over typed arrays, the backward derived by hand",
    load: async () => (await import("./own/loops.ts")).system,
  },
  "tfjs-cpu": {
    isOwn: false,
    says: "TensorFlow.js, plain JavaScript",
    load: async () => (await import("./peers/tensorFlow.ts")).tensorFlow("cpu"),
  },
  "tfjs-wasm": {
    isOwn: false,
    says: "TensorFlow.js, WebAssembly SIMD, one thread",
    load: async () => (await import("./peers/tensorFlow.ts")).tensorFlow("wasm"),
  },
  "jax-js": {
    isOwn: false,
    says: "jax-js, WebAssembly SIMD, jit",
    load: async () => (await import("./peers/jaxJs.ts")).jaxJs(true),
  },
  "jax-js-eager": {
    isOwn: false,
    says: "jax-js, WebAssembly SIMD, without jit",
    load: async () => (await import("./peers/jaxJs.ts")).jaxJs(false),
  },
  numpy: { isOwn: false, says: "NumPy, the backward derived by hand", python: ["numpy"] },
  jax: { isOwn: false, says: "JAX, jit (XLA on the CPU), one thread", python: ["numpy", "jax"] },
  torch: { isOwn: false, says: "PyTorch, eager, one thread", python: ["numpy", "torch"] },
  "torch-compile": { isOwn: false, says: "PyTorch, torch.compile, one thread", python: ["numpy", "torch"] },
};

/** @throws RangeError for a name that is no JavaScript system */
export async function loadSystem(name: string): Promise<System> {
  const load = SYSTEMS[name]?.load;
  if (load === undefined) throw new RangeError(`no system ${name} in JavaScript`);
  return load();
}
