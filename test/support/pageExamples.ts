/** Examples in a page: what they print is what the page says that they print. */
import ts from "typescript";
import * as wengert from "../../src/index.ts";

export interface Example {
  readonly code: string;
  readonly output: string;
}

/** The code of each example, and its output. */
export function examplesIn(page: string): readonly Example[] {
  return [...page.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(([, code, output]) => ({
    code: code!,
    output: output!,
  }));
}

const AsyncFunction = (async () => undefined).constructor as new (
  ...text: string[]
) => (...x: unknown[]) => Promise<void>;

/** Runs it with the library as it is here in the place of the package. */
export async function printedBy(code: string): Promise<string> {
  const local = code.replace(/^import \{([^}]*)\} from "wengert";$/gm, (_, names: string) => {
    const values = names.split(",").filter((name) => !name.trim().startsWith("type "));
    return `const {${values.join(",")}} = wengert;`;
  });
  const { outputText } = ts.transpileModule(local, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  let printed = "";
  const console = { log: (line: unknown) => (printed += `${String(line)}\n`) };
  await new AsyncFunction("wengert", "console", outputText)(wengert, console);
  return printed;
}
