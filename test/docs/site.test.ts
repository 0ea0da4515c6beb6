/** What holds of the site as a whole: its weight, and that it can be read offline. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { useSite } from "./browser.ts";

const site = useSite();

test("the home page's first load is less than 250 kB of compressed JavaScript", async () => {
  const context = await site.context();
  const page = await context.newPage();
  const sizes: number[] = [];
  const reads: Promise<void>[] = [];
  page.on("response", (response) => {
    if (/\.js$/.test(new URL(response.url()).pathname) && !response.url().endsWith("/sw.js"))
      reads.push(response.body().then((body) => void sizes.push(gzipSync(body).length)));
  });
  await page.goto(site.url, { waitUntil: "networkidle" });
  await Promise.all(reads);
  await context.close();
  const total = sizes.reduce((a, b) => a + b, 0);
  console.log(`home page: ${(total / 1000).toFixed(0)} kB of compressed JavaScript in ${sizes.length} files`);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThan(250_000);
});

test("the guide is read offline once the site has been loaded", async () => {
  const context = await site.context();
  const page = await context.newPage();
  await page.goto(site.url);
  await page.waitForFunction("navigator.serviceWorker.controller !== null", undefined, { timeout: 300_000 });
  await context.setOffline(true);
  await page.goto(`${site.url}batch-norm.html`);
  expect(await page.locator("h1").textContent()).toContain("Batch norm, three ways");
  await page.getByRole("link", { name: "The tape", exact: true }).first().click();
  await page.waitForFunction("document.querySelector('h1')?.textContent?.includes('The tape')");
  await context.close();
});

test("search finds an operation", async () => {
  const { page, faults, close } = await site.open("start.html");
  await page.keyboard.press("/");
  await page.locator(".VPLocalSearchBox input").fill("logsumexp");
  await page.locator(".VPLocalSearchBox .result").first().waitFor();
  expect(await page.locator(".VPLocalSearchBox .result").first().textContent()).toContain("logsumexp");
  expect(faults).toEqual([]);
  await close();
});

test("types are shown on hover", async () => {
  const { page, close } = await site.open("start.html");
  await page.locator(".twoslash-hover", { hasText: "grad" }).first().hover();
  await page.locator(".twoslash-floating .twoslash-popup-code").first().waitFor();
  expect(await page.locator(".twoslash-floating").first().textContent()).toContain("grad");
  await close();
});
