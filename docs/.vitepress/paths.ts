/** Where the library is, for the bundler, for the type hovers and for the tests: built, in this repository. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));
export const DOCS: string = fileURLToPath(new URL("..", import.meta.url));

interface Conditions {
  readonly types: string;
  readonly default: string;
}

const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as {
  exports: Readonly<Record<string, string | Conditions>>;
};

/** `wengert/nn` and its files, for each entry of the package. */
export const ENTRIES: readonly { readonly name: string; readonly types: string; readonly code: string }[] =
  Object.entries(exports).flatMap(([key, target]) =>
    typeof target === "string"
      ? []
      : [
          {
            name: `wengert${key.slice(1)}`,
            types: ROOT + target.types.slice(2),
            code: ROOT + target.default.slice(2),
          },
        ],
  );
