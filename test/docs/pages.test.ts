/** Every page of the built site, in both colour schemes and on a narrow screen. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { seriousFaults } from "./axe.ts";
import { useSite } from "./browser.ts";
import { SITE } from "./serve.ts";

const PAGES = readdirSync(SITE, { recursive: true })
  .map((file) => String(file).replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".html") && file !== "404.html")
  .sort();

const site = useSite();

/** Thousands of the same few elements: their colours are those of the other pages. */
const isLarge = (path: string): boolean => path.startsWith("api/") && statSync(SITE + path).size > 80_000;

test("there are pages", () => {
  expect(PAGES).toEqual(
    expect.arrayContaining(["index.html", "start.html", "batch-norm.html", "api/index.html"]),
  );
});

// One load a page: what is looked at in turn is its light and its dark scheme, and a narrow screen.
test.concurrent.each(PAGES)("%s loads without an error, is accessible, and fits a phone", async (path) => {
  const { page, faults, close } = await site.open(path);
  try {
    expect(await page.locator(".VPDoc h1").count()).toBe(1);
    const seenElsewhere = isLarge(path) ? ["color-contrast"] : [];
    expect(await seriousFaults(page, undefined, undefined, seenElsewhere)).toEqual([]);

    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await page.waitForFunction("document.documentElement.classList.contains('dark')");
    if (!isLarge(path)) expect(await seriousFaults(page, ["color-contrast"])).toEqual([]);

    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);

    const links = (await page.evaluate(
      "Array.from(document.querySelectorAll('a[href]'), (a) => a.href)",
    )) as string[];
    expect(links.filter((link) => isMissing(link, site.url))).toEqual([]);
    expect(
      await page.evaluate(
        "Array.from(document.querySelectorAll('main img:not([alt]), main img[alt=\"\"]'), (i) => i.src)",
      ),
    ).toEqual([]);
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
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
