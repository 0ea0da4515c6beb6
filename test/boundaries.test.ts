import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const mayImport = { graph: ["graph"], ops: ["ops", "graph"], src: ["src", "ops", "graph"] } as const;
type Folder = keyof typeof mayImport;
const folders = Object.keys(mayImport) as Folder[];

/** The imports of `folder` that go against the arrow src -> ops -> graph, as `file imports module`. */
function wrongImports(folder: Folder): string[] {
  const allowed: readonly string[] = mayImport[folder];
  const isAllowed = (file: string, module: string): boolean => {
    if (!module.startsWith(".")) return module !== "wengert" && !module.startsWith("wengert/");
    const [top = ""] = relative(root, resolve(dirname(file), module)).split(sep);
    return allowed.includes(top);
  };
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const file = join(root, folder, name);
      return ts
        .preProcessFile(readFileSync(file, "utf8"))
        .importedFiles.filter(({ fileName }) => !isAllowed(file, fileName))
        .map(({ fileName }) => `${folder}/${name} imports ${fileName}`);
    });
}

describe("src -> ops -> graph", () => {
  it.each(folders)("%s/ imports nothing against the arrow", (folder) => {
    expect(wrongImports(folder)).toEqual([]);
  });
});

describe("the compiler holds the arrow", { timeout: 300_000 }, () => {
  let copy = "";

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "wengert-boundaries-"));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const file of ["package.json", "tsconfig.base.json"])
      copyFileSync(join(root, file), join(copy, file));
    for (const folder of folders) {
      mkdirSync(join(copy, folder));
      copyFileSync(join(root, folder, "tsconfig.json"), join(copy, folder, "tsconfig.json"));
    }
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  /** What `tsc -b` says when `from` imports `to` and each folder is that one file. */
  function build(from: Folder, to: Folder): string {
    for (const folder of folders)
      writeFileSync(join(copy, folder, "index.ts"), "export const one: number = 1;\n");
    writeFileSync(join(copy, from, "index.ts"), `export { one } from "../${to}/index.ts";\n`);
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    return spawnSync(process.execPath, [tsc, "-b", from], { cwd: copy, encoding: "utf8" }).stdout;
  }

  it("builds src/ on ops/", () => {
    expect(build("src", "ops")).toBe("");
  });

  it.each([
    ["graph", "ops"],
    ["graph", "src"],
    ["ops", "src"],
  ] as const)("does not build %s/ on %s/", (from, to) => {
    expect(build(from, to)).toMatch(new RegExp(`^${from}/index\\.ts.*error TS6307`, "m"));
  });
});
