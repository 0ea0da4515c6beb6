/** Packages that only the comparison needs: they have a folder and a lock file of their own. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ROOT } from "../running/root.ts";

const FOLDER = `${ROOT}test/bench/peers/`;
const required = createRequire(`${FOLDER}package.json`);

/** One of them, whose type the caller checks. */
export function loadPeer(name: string): unknown {
  return required(name);
}

/** @returns "?" where the package does not say */
export function versionOf(name: string): string {
  return locked(`${FOLDER}node_modules/.package-lock.json`).get(`node_modules/${name}`) ?? "?";
}

/** Install them where they are missing, or not as the lock file says. @throws Error where that fails */
export function installPeers(): void {
  const there = `${FOLDER}node_modules/.package-lock.json`;
  const wanted = locked(`${FOLDER}package-lock.json`);
  const have = existsSync(there) ? locked(there) : new Map<string, string>();
  if ([...wanted].every(([path, version]) => path === "" || have.get(path) === version)) return;
  console.error("installing the packages that are compared (npm ci in test/bench/peers)");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
    cwd: FOLDER,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("the packages that are compared could not be installed");
}

/** Paths and versions. Optional packages are left out: not all are for this machine. */
function locked(file: string): Map<string, string> {
  const { packages }: { packages: Record<string, { version?: string; optional?: boolean }> } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return new Map(
    Object.entries(packages).flatMap(([path, { version = "", optional = false }]): [string, string][] =>
      optional ? [] : [[path, version]],
    ),
  );
}
