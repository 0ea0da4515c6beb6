import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../src/cli/run.ts";
import { explore, type TapeDocument } from "../src/explore/index.ts";
import { explorerPage } from "../src/explore/page/explorerPage.ts";
import { mountExplorer } from "../src/explore/view/index.ts";
import { ArgumentError, named, square, type Tensor, tensor } from "../src/index.ts";

/** What a page's script reads. */
function tapeIn(page: string): TapeDocument {
  const [, json = ""] = /<script id="tape" type="application\/json">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json) as TapeDocument;
}

describe("a page with a tape", () => {
  const evil = "</script><script>alert(1)</script><!--";

  it("holds it whole, whatever names are in it", () => {
    const tape = explore((t: Tensor) => named(square(t), evil), tensor([1, 2]));
    const page = explorerPage({ ...tape, name: evil }, "run()</script>");
    expect(tapeIn(page)).toEqual({ ...tape, name: evil });
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toContain("<title>&lt;/script>&lt;script>alert(1)");
  });

  it("asks for nothing from elsewhere", () => {
    const page = explorerPage(explore(square, tensor(1)), "");
    expect(page.match(/\b(src|href)=\S+/g)).toEqual(['href="data:,">']);
    expect(page).not.toMatch(/@import|url\(/);
    expect(page).toContain("default-src 'none'");
  });
});

describe("wengert tape --html", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wengert-page-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function wengert(...args: string[]): Promise<{ code: number; out: string; error: string }> {
    const said = { out: "", error: "" };
    const code = await run(args, {
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
      style: (_, text) => text,
    });
    return { code, ...said };
  }

  it("writes one file with the tape and what shows it", async () => {
    const file = join(folder, "softmax.html");
    const { code, out } = await wengert("tape", "softmax", "--html", file);
    expect([code, out]).toEqual([0, `${file}: the tape of softmax, to be opened in a browser`]);
    const page = readFileSync(file, "utf8");
    const tape = tapeIn(page);
    expect(tape).toMatchObject({ format: "wengert/tape", name: "softmax", source: null });
    // Rows of a softmax add up to 1, those of its gradient to 0.
    const { value } = tape.nodes.at(-1)!;
    const { cotangent } = tape.nodes[0]!;
    const total = (cells: readonly unknown[]): number => cells.reduce((sum: number, x) => sum + Number(x), 0);
    // Over all axes.
    expect(total(value.cells)).toBeCloseTo(1, 12);
    expect(total(cotangent!.cells)).toBeCloseTo(0, 12);
    expect(page).toContain("Copyright (c) 2012-2014 Chris Pettitt");
    expect(page).toContain("Khan Academy");
  });

  it("goes without --format", async () => {
    const { code, error } = await wengert("tape", "softmax", "--html", "x.html", "--format", "dot");
    expect([code, error]).toEqual([2, "wengert: --html goes without --format (see wengert --help)"]);
  });
});

describe("mountExplorer", () => {
  const host = { attachShadow: () => undefined } as never;
  it.each([
    ["no element", null, {}, "mountExplorer: an element, got null"],
    [
      "no tape",
      host,
      { format: "x" },
      "mountExplorer: a tape document, got an object (Object); explore(f, ...x)",
    ],
  ])("refuses %s", async (_, element, tape, message) => {
    const mounting = mountExplorer(element as never, tape as never);
    await expect(mounting).rejects.toThrow(ArgumentError);
    await expect(mounting).rejects.toThrow(message);
  });
});
