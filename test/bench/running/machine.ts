import { arch, cpus, platform, release, totalmem } from "node:os";

/** Where the figures come from: without it they mean nothing. */
export function machine(): Record<string, string> {
  const cores = cpus();
  return {
    CPU: cores[0]?.model ?? "unknown",
    cores: String(cores.length),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release().split("-")[0]} ${arch()}`,
    Node: process.version,
    V8: process.versions.v8,
  };
}
