/** Every page of the built site, in both colour schemes and on a narrow screen. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { useSite } from "./browser.ts";
import { SITE } from "./serve.ts";

const AXE = readFileSync(
  fileURLToPath(new URL("../../docs/node_modules/axe-core/axe.min.js", import.meta.url)),
  "utf8",
);

const PAGES = readdirSync(SITE, { recursive: true })
  .map((file) => String(file).replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".html") && file !== "404.html")
  .sort();

const site = useSite();

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** Serious faults of accessibility, by WCAG 2.1 AA. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })",
  )) as { violations: readonly Violation[] };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 5)
        .map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`),
    );
}

test("there are pages", () => {
  expect(PAGES).toEqual(
    expect.arrayContaining(["index.html", "start.html", "batch-norm.html", "api/index.html"]),
  );
});

describe.each(PAGES)("%s", (path) => {
  test.each(["light", "dark"] as const)("loads without an error, and is accessible: %s", async (scheme) => {
    const { page, faults, close } = await site.open(path, { scheme });
    try {
      expect(await page.evaluate("document.documentElement.classList.contains('dark')")).toBe(
        scheme === "dark",
      );
      expect(await page.locator("main h1, .VPDoc h1").count()).toBe(1);
      expect(await seriousFaults(page)).toEqual([]);
      expect(faults).toEqual([]);
    } finally {
      await close();
    }
  });

  test("fits a screen of 390 pixels, and its links lead somewhere", async () => {
    const { page, close } = await site.open(path, { width: 390 });
    try {
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
      const links = (await page.evaluate(
        "Array.from(document.querySelectorAll('a[href]'), (a) => a.href)",
      )) as string[];
      const missing = links.filter((link) => isMissing(link, site.url));
      expect(missing).toEqual([]);
      const without = await page.evaluate(
        "Array.from(document.images).filter((i) => i.alt === '' && !i.closest('.VPNav')).map((i) => i.src)",
      );
      expect(without).toEqual([]);
    } finally {
      await close();
    }
  });
});

const ids = new Map<string, Set<string>>();

/** Whether a link inside the site has no page, or its page no such place. */
function isMissing(link: string, root: string): boolean {
  if (!link.startsWith(root)) return false;
  const [path = "", anchor = ""] = decodeURI(link.slice(root.length)).split("#");
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  if (!PAGES.includes(file)) return file !== "404.html";
  if (!ids.has(file)) {
    const html = readFileSync(SITE + file, "utf8");
    ids.set(file, new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)));
  }
  return anchor !== "" && !ids.get(file)!.has(anchor);
}
