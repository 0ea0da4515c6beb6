/** Runs a program of the documentation, with the library as it is here in the place of the package. */
import ts from "typescript";
import { expect } from "vitest";
import * as data from "../../src/data/index.ts";
import * as fluent from "../../src/fluent/index.ts";
import * as wengert from "../../src/index.ts";
import * as io from "../../src/io/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import * as train from "../../src/train/index.ts";
import * as matchers from "../../src/vitest/index.ts";

/** A test inside a page runs at once; its failure is the page's. */
const test = async (_name: string, body: () => unknown): Promise<void> => void (await body());

const MODULES: Readonly<Record<string, object>> = {
  wengert,
  "wengert/data": data,
  "wengert/fluent": fluent,
  "wengert/io": io,
  "wengert/nn": nn,
  "wengert/optim": optim,
  "wengert/train": train,
  "wengert/vitest": matchers,
  vitest: { expect, test },
};

const AsyncFunction = (async () => undefined).constructor as new (
  ...text: string[]
) => (...x: unknown[]) => Promise<void>;

const IMPORT = /^import (?:(type )?\{([^}]*)\} from )?"([^"]+)";$/gm;

/** What it prints. */
export async function printedBy(code: string): Promise<string> {
  const local = code
    .replace(/^export /gm, "")
    .replace(IMPORT, (_, isType: string | undefined, names: string | undefined, from: string) => {
      if (!Object.hasOwn(MODULES, from))
        throw new Error(`a page imports ${from}, which is no entry of the package`);
      const values = (isType === undefined ? (names ?? "") : "")
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && !name.startsWith("type "))
        .map((name) => name.replace(" as ", ": "));
      return `const {${values.join(", ")}} = modules["${from}"];`;
    });
  const { outputText } = ts.transpileModule(local, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  let printed = "";
  const console = {
    log(...line: readonly unknown[]): void {
      printed += `${line.map(String).join(" ")}\n`;
    },
  };
  await new AsyncFunction("modules", "console", outputText)(MODULES, console);
  return printed;
}
