import { readFileSync } from "node:fs";
import { ROOT } from "../running/root.ts";

const manifest: unknown = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));

/** The library's. */
export const VERSION: string =
  typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "?";
