/** Writes the service worker of the built site: it keeps the guide for reading offline, API pages once they were read. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** What is kept from the start. Search index and API pages are large: they are kept when they are first asked for. */
const isKept = (file: string): boolean =>
  /\.(html|js|css|woff2|svg|png)$/.test(file) &&
  !/^api[/_]|\/api_|@localSearchIndex|^404|^sw\.js$/.test(file);

export function writeServiceWorker(outDir: string, base: string): void {
  const files = readdirSync(outDir, { recursive: true })
    .map((file) => String(file).replaceAll("\\", "/"))
    .filter(isKept)
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(`${outDir}/${file}`));
  const template = readFileSync(new URL("./serviceWorker.js", import.meta.url), "utf8");
  const script = template
    .replace('"VERSION"', JSON.stringify(hash.digest("hex").slice(0, 16)))
    .replace('["FILES"]', JSON.stringify(["", ...files].map((file) => base + file)));
  writeFileSync(`${outDir}/sw.js`, script);
}
