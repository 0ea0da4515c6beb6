import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { type Served, serve } from "./serve.ts";

export type Scheme = "light" | "dark";

export interface Looks {
  readonly scheme?: Scheme;
  readonly width?: number;
}

/** What a page did that it should not have: errors that it logged, requests to other hosts, files that were not there. */
export interface Watched {
  readonly page: Page;
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface Site {
  readonly url: string;
  open(path: string, looks?: Looks): Promise<Watched>;
  context(looks?: Looks): Promise<BrowserContext>;
}

/** One browser and one server for the tests of a file. */
export function useSite(): Site {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    served = await serve();
    browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const context = async ({ scheme = "light", width = 1280 }: Looks = {}): Promise<BrowserContext> =>
    browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: "reduce" });

  return {
    get url() {
      return served.url;
    },
    context,
    async open(path, looks) {
      const around = await context(looks);
      const page = await around.newPage();
      const faults: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (/^https?:$/.test(protocol) && origin !== new URL(served.url).origin)
          faults.push(`asked another host: ${request.url()}`);
      });
      page.on("response", (response) => {
        if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
      });
      await page.goto(served.url + path, { waitUntil: "load" });
      await page.waitForLoadState("networkidle");
      return { page, faults, close: () => around.close() };
    },
  };
}
