import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's folder, seen from its sources as from what is compiled, one folder deeper. */
export const ROOT: string = rootFrom(new URL(".", import.meta.url));

function rootFrom(folder: URL): string {
  const above = new URL("..", folder);
  if (existsSync(new URL("tsconfig.base.json", folder)) || above.href === folder.href)
    return fileURLToPath(folder);
  return rootFrom(above);
}
