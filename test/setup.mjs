// Makes a fresh clone ready: installs what package-lock.json says, if that is not what is there, then builds.
// Runs before `npm start` and `npm test`, so it may import nothing that has to be installed first.
// Folders that have packages of their own are made ready too where they are named: `node test/setup.mjs docs`.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const packagesIn = (lockFile) => JSON.parse(readFileSync(lockFile, "utf8")).packages;

/** npm writes it last, so a broken install has none. */
const installed = (folder) => `${folder}node_modules/.package-lock.json`;

function isInstalled(folder) {
  try {
    const have = packagesIn(installed(folder));
    return Object.entries(packagesIn(`${folder}package-lock.json`)).every(([path, { version, optional }]) => {
      if (!(path in have)) return path === "" || optional === true;
      return have[path].version === version && existsSync(folder + path);
    });
  } catch {
    return false;
  }
}

function run(what, command, args, options) {
  console.log(`setup: ${what}`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    ...options,
  });
  if (error) console.error(`setup: ${what}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

const required = JSON.parse(readFileSync(`${root}package.json`, "utf8")).engines.node.replace(">=", "");
if (process.versions.node.localeCompare(required, "en", { numeric: true }) < 0) {
  console.error(`setup: Node ${required} or newer is needed, this is ${process.versions.node}`);
  process.exit(1);
}

for (const name of ["", ...process.argv.slice(2)]) {
  const folder = name === "" ? root : `${root}${name}/`;
  if (isInstalled(folder)) continue;
  rmSync(installed(folder), { force: true });
  run(`installing packages (npm ci) ${name}`.trimEnd(), "npm", ["ci", "--include=dev", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}
run("building (tsc -b src)", process.execPath, ["node_modules/typescript/bin/tsc", "-b", "src"]);
run("bundling the explorer", process.execPath, ["src/explore/page/bundle.mjs"]);
