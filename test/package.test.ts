import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = join(root, "node_modules/typescript/bin/tsc");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, unknown>;
};

/** The first example of the README and what it says the example prints. */
function readmeExample(): { code: string; output: string } {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, code, output] = /^```ts\n(.*?)^```$.*?^```text\n(.*?)^```$/ms.exec(readme) ?? [];
  if (code === undefined || output === undefined) {
    throw new Error("README.md: expected a ```ts block followed by a ```text block with its output");
  }
  return { code, output };
}

/** Runs a command and returns what it printed; a command that fails throws all that it said. */
function run(cwd: string, command: string, ...args: string[]): string {
  // npm tells its scripts where the project is: a nested npm must not take that for its own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== "npm_config_local_prefix"),
  );
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${[command, ...args].join(" ")} exited with ${status}\n${stdout}${stderr}`);
  return stdout;
}

describe("the package, packed and installed elsewhere", { timeout: 300_000 }, () => {
  let consumer = "";
  let packed: string[] = [];

  beforeAll(() => {
    consumer = mkdtempSync(join(tmpdir(), "wengert-consumer-"));
    const pack = run(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", consumer);
    const [tarball] = JSON.parse(pack) as [{ filename: string; files: { path: string }[] }];
    packed = tarball.files.map(({ path }) => path);
    writeFileSync(join(consumer, "package.json"), '{ "private": true, "type": "module" }\n');
    const quiet = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(consumer, "npm", "install", ...quiet, `./${tarball.filename}`);
  }, 300_000);
  afterAll(() => rmSync(consumer, { recursive: true, force: true }));

  it("holds the build and no test, source or build state", () => {
    expect(packed).toContain("LICENSE");
    expect(
      packed.filter((path) => !/^(dist\/(graph|ops|src)\/.*\.(js|js\.map|d\.ts)|[^/]+)$/.test(path)),
    ).toEqual([]);
  });

  it("loads every entry point that needs no optional peer", () => {
    const entries = Object.keys(manifest.exports).filter((entry) => !/vitest|package\.json/.test(entry));
    const imports = entries.map((entry) => `await import("${entry.replace(".", "wengert")}");`).join("\n");
    writeFileSync(join(consumer, "entries.js"), `${imports}\nconsole.log(${entries.length});\n`);
    expect(run(consumer, process.execPath, "entries.js")).toBe(`${entries.length}\n`);
  });

  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("type-checks the README's example under module %s, resolution %s", (module, moduleResolution) => {
    writeFileSync(join(consumer, "example.ts"), readmeExample().code);
    const compilerOptions = {
      target: "es2022",
      module,
      moduleResolution,
      strict: true,
      types: [],
      noEmit: true,
    };
    writeFileSync(
      join(consumer, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["example.ts"] }),
    );
    expect(run(consumer, process.execPath, tsc, "-p", ".")).toBe("");
  });

  it("prints what the README says", () => {
    const { code, output } = readmeExample();
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(join(consumer, "example.js"), outputText);
    expect(run(consumer, process.execPath, "example.js")).toBe(output);
  });
});
