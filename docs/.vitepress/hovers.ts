/** Types on hover. Every `ts` block is a whole program, so every one is checked against the library's own types. */
import { transformerTwoslash } from "@shikijs/vitepress-twoslash";
import { createTwoslasher, type TwoslashReturn } from "twoslash";
import ts from "typescript";
import { ENTRIES, ROOT } from "./paths.ts";

const twoslasher = createTwoslasher({
  vfsRoot: ROOT,
  compilerOptions: {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    paths: Object.fromEntries(ENTRIES.map(({ name, types }) => [name, [types]])),
  },
});

/** Each name is explained once a program, where it is first used after the imports: pages are a third as large. */
function once({ code, nodes, ...rest }: TwoslashReturn): TwoslashReturn {
  const imports = code.lastIndexOf('from "');
  const explained = new Set<string>();
  const kept = nodes.filter((node) => {
    if (node.type !== "hover") return true;
    if (node.start < imports || explained.has(node.target)) return false;
    explained.add(node.target);
    return true;
  });
  // Its lists by kind are getters over `nodes`, which spreading has read.
  return { ...rest, code, nodes: kept, hovers: kept.filter((node) => node.type === "hover") };
}

export const hovers: ReturnType<typeof transformerTwoslash> = transformerTwoslash({
  explicitTrigger: /\btwoslash\b/,
  twoslasher: Object.assign((...call: Parameters<typeof twoslasher>) => once(twoslasher(...call)), {
    getCacheMap: twoslasher.getCacheMap,
  }),
});
