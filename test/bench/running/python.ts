import { spawnSync } from "node:child_process";
import type { Command } from "./child.ts";
import { ROOT } from "./root.ts";
import { MARK } from "./task.ts";

const PEER = `${ROOT}test/bench/peers/python/peer.py`;

/** A Python, and the versions of what is installed for it. */
export interface Python {
  readonly file: string;
  readonly modules: Readonly<Record<string, string>>;
}

/** The Python that was asked for, or the first that there is; null where there is none. */
export function findPython(asked: string | null): Python | null {
  const candidates = asked === null ? [process.env["PYTHON"] ?? "python3", "python"] : [asked];
  for (const file of candidates) {
    const { stdout } = spawnSync(file, [PEER], { encoding: "utf8" });
    const line = stdout?.split("\n").find((text) => text.startsWith(MARK));
    if (line !== undefined) return { file, modules: JSON.parse(line.slice(MARK.length)) };
  }
  return null;
}

/**
 * One thread, as everybody has here. And memory is kept: by default glibc gives large arrays back to the system as soon
 * as they are free, and touching fresh pages anew can take many times as long as the work (on some machines half a
 * second for the largest case).
 */
export function pythonCommand(python: Python, system: string): Command {
  return {
    file: python.file,
    args: [PEER, system],
    env: {
      OMP_NUM_THREADS: "1",
      OPENBLAS_NUM_THREADS: "1",
      MKL_NUM_THREADS: "1",
      XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false",
      // The size of JAX's thread pool.
      NPROC: "1",
      JAX_PLATFORMS: "cpu",
      MALLOC_MMAP_MAX_: "0",
      MALLOC_TRIM_THRESHOLD_: String(2 ** 36),
      MALLOC_TOP_PAD_: String(2 ** 26),
      PYTHONDONTWRITEBYTECODE: "1",
    },
  };
}
