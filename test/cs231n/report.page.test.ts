import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plotSvg, reportHtml, writeReport } from "../../src/cs231n/report/index.ts";
import type { Experiment, Results } from "../../src/cs231n/result.ts";
import { ArgumentError } from "../../src/index.ts";
import { accuracyCurves, checks, sample, scaleLoss } from "./reportSample.ts";

const folder = mkdtempSync(join(tmpdir(), "wengert-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'> & &amp; \u0000`;
const SHOWN = `"><script>alert(1)</script><img src=x onerror='alert(2)'> & &amp; \ufffd`;

const empty: Experiment = { name: "e", title: "E", summary: [], figures: [], tables: [], seconds: 1 };

describe("reportHtml", () => {
  let html = "";
  let page: Document;
  beforeAll(async () => {
    html = await reportHtml(sample);
    page = parseHTML(html).document;
  });

  /** The text of each element that a selector finds. */
  function texts(selector: string, within: Document | Element = page): string[] {
    return Array.from(within.querySelectorAll(selector), ({ textContent }) => (textContent ?? "").trim());
  }

  test("needs nothing beside it", () => {
    expect(html).not.toMatch(/https?:/);
    expect(html).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b/i);
    expect(html).not.toMatch(/\s(src|srcset|style|on\w+)=|url\(|@import/i);
    for (const link of page.querySelectorAll("[href]")) expect(link.getAttribute("href")).toMatch(/^#/);
    expect(html.slice(0, 1024)).toContain(`<meta charset="utf-8">`);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test("says what was run, on what, and with what", () => {
    const names = texts("#run dt");
    const values = texts("#run dd");
    expect(Object.fromEntries(names.map((name, k) => [name, values[k]]))).toEqual({
      Data: sample.data,
      Seed: "231",
      Engine: "compiled",
      ...sample.environment,
    });
  });

  test("has one h1, an h2 for each section, and a link to each", () => {
    expect(texts("h1")).toHaveLength(1);
    const titles = ["What was run", "Checks", ...sample.experiments.map(({ title }) => title)];
    expect(texts("h2")).toEqual(titles);
    expect(texts("nav a")).toEqual(titles);
    for (const link of page.querySelectorAll("nav a")) {
      expect(page.querySelectorAll(`[id="${link.getAttribute("href")!.slice(1)}"]`)).toHaveLength(1);
    }
    const ids = Array.from(page.querySelectorAll("[id]"), ({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const section of page.querySelectorAll("section")) {
      expect(ids).toContain(section.getAttribute("aria-labelledby"));
    }
  });

  test("has all checks, by section, with symbol and word for a verdict", () => {
    const table = page.querySelector("table.checks")!;
    const bodies = Array.from(table.querySelectorAll("tbody"));
    expect(bodies).toHaveLength(4);
    expect(bodies.map((body) => body.querySelectorAll("tr").length - 1)).toEqual([4, 3, 11, 12]);
    expect(texts("th[scope=rowgroup] small", table)[0]).toBe("4 checks: 3 same, 1 band");
    const rows = Array.from(table.querySelectorAll("tbody tr:not(.section)"));
    expect(rows).toHaveLength(checks.length);
    const symbols = { same: "✓", band: "≈", within: "≤", differs: "✗", "not comparable": "–" };
    rows.forEach((row, k) => {
      const { what, published, ours, verdict, note = "" } = checks[k]!;
      expect(texts("th", row)).toEqual([what]);
      expect(texts("td", row)).toEqual([published, ours, `${symbols[verdict]} ${verdict}${note}`]);
    });
    expect(page.querySelector("#checks p")!.textContent).toBe(
      "30 checks: 26 same, 1 band, 1 within, 1 differs, 1 not comparable.",
    );
    expect(texts(".verdicts dt")).toEqual([
      "26 ✓ same",
      "1 ≈ band",
      "1 ≤ within",
      "1 ✗ differs",
      "1 – not comparable",
    ]);
  });

  test("has tables that say what they are, and scroll by themselves", () => {
    const tables = Array.from(page.querySelectorAll("table"));
    expect(tables).toHaveLength(3);
    for (const table of tables) {
      expect(texts("caption", table)).toHaveLength(1);
      for (const head of table.querySelectorAll("th")) {
        expect(["col", "row", "rowgroup"]).toContain(head.getAttribute("scope"));
      }
      const box = table.parentElement!;
      expect([box.className, box.getAttribute("role"), box.getAttribute("tabindex")]).toEqual([
        "scroll",
        "region",
        "0",
      ]);
      expect(box.getAttribute("aria-label")).toBeTruthy();
    }
    const [row] = Array.from(tables[1]!.querySelectorAll("tbody tr")).slice(-1);
    expect(texts("th, td", row!)).toEqual(["1", "0.519", "0.295", "0.112", "0.119", "NaN"]);
  });

  test("has the experiments with their sentences, figures and times", async () => {
    const section = page.querySelector("#scale")!;
    const { summary, figures, tables } = sample.experiments[1]!;
    expect(texts("p", section)).toEqual([...summary, tables[0]!.note, "It took 2 min 12 s."]);
    expect(texts("figcaption", section)).toEqual(figures.map(({ caption }) => caption));
    const plots = Array.from(page.querySelectorAll("figure svg"));
    expect(plots).toHaveLength(4);
    const svg = await plotSvg(scaleLoss);
    expect(html).toContain(svg.slice(svg.indexOf("<title>")).trim());
  });

  test("is the same for the same results", async () => {
    expect(await reportHtml(structuredClone(sample))).toBe(html);
  });

  test("shows hostile text as text", async () => {
    const figure = { ...accuracyCurves, name: HOSTILE, title: HOSTILE, caption: HOSTILE };
    const table = { title: HOSTILE, columns: [HOSTILE], rows: [[HOSTILE]], note: HOSTILE };
    const text = { section: HOSTILE, what: HOSTILE, published: HOSTILE, ours: HOSTILE, note: HOSTILE };
    const bad: Results = {
      data: HOSTILE,
      seed: 1,
      environment: { [HOSTILE]: HOSTILE },
      engine: "eager",
      checks: [{ ...text, verdict: "same" }],
      experiments: [
        { name: HOSTILE, title: HOSTILE, summary: [HOSTILE], figures: [figure], tables: [table], seconds: 1 },
      ],
    };
    const hostile = await reportHtml(bad);
    const document = parseHTML(hostile).document;
    expect(document.querySelectorAll("script, img")).toHaveLength(0);
    expect(hostile).not.toMatch(/<(script|img)/i);
    const places = [
      "dd",
      "#run dt",
      ".checks td",
      "h2",
      "nav a",
      "section p",
      "figcaption",
      "caption",
      "thead th",
    ];
    for (const place of places) expect(texts(place, document)).toContain(SHOWN);
    for (const element of document.querySelectorAll("*")) {
      for (const { name } of Array.from(element.attributes)) expect(name).not.toMatch(/^on|^src/);
    }
    const [box] = Array.from(document.querySelectorAll(".scroll")).slice(-1);
    expect(box!.getAttribute("aria-label")).toBe(SHOWN);
  });

  test("stands for nothing at all, and for experiments of one name", async () => {
    const none = parseHTML(await reportHtml({ ...sample, checks: [], experiments: [] })).document;
    expect(texts("#checks p", none)).toEqual(["No checks were run."]);
    const experiments = [empty, empty, { ...empty, name: "checks" }];
    const alike = parseHTML(await reportHtml({ ...sample, experiments })).document;
    const ids = Array.from(alike.querySelectorAll("section"), ({ id }) => id);
    expect(ids).toEqual(["run", "checks", "e", "e-2", "checks-2"]);
  });

  test("refuses a table with a row of another length", async () => {
    const tables = [{ title: "T", columns: ["a", "b"], rows: [[1, 2], [3]] }];
    const error: unknown = await reportHtml({ ...sample, experiments: [{ ...empty, tables }] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toContain(`the rows of table "T" to have 2 cells, got one of 1`);
  });
});

describe("writeReport", () => {
  test("writes the page, the numbers, and a file for each figure", async () => {
    const dir = join(folder, "new", "report");
    const paths = await writeReport(sample, dir);
    expect(readdirSync(dir).sort()).toEqual([
      "batch-size-train-accuracy.svg",
      "gradient-errors.svg",
      "index.html",
      "report.json",
      "scale-final-loss.svg",
      "train-loss.svg",
    ]);
    expect(paths.figures.map((path) => basename(path))).toEqual([
      "train-loss.svg",
      "scale-final-loss.svg",
      "gradient-errors.svg",
      "batch-size-train-accuracy.svg",
    ]);
    expect(readFileSync(paths.html, "utf8")).toBe(await reportHtml(sample));
    expect(readFileSync(paths.figures[1]!, "utf8")).toBe(await plotSvg(scaleLoss));
    const { experiments, ...rest } = JSON.parse(readFileSync(paths.json, "utf8")) as Results;
    expect(rest).toEqual({ ...sample, experiments: undefined });
    expect(experiments[1]!.figures).toEqual(sample.experiments[1]!.figures);
    expect(experiments[1]!.tables[0]!.rows.at(-1)).toEqual([
      1,
      0.519,
      expect.closeTo(0.295),
      0.112,
      0.119,
      "NaN",
    ]);
  });

  test("writes over an earlier report", async () => {
    const dir = join(folder, "again");
    await writeReport({ ...sample, seed: 1 }, dir);
    const { json } = await writeReport({ ...sample, seed: 2 }, dir);
    expect((JSON.parse(readFileSync(json, "utf8")) as Results).seed).toBe(2);
    expect(readdirSync(dir)).toHaveLength(6);
  });

  test("keeps file names in the folder, and apart", async () => {
    const dir = join(folder, "names");
    const figures = ["../../up", "a b", "A/B", "", "a-b"].map((name) => ({ ...scaleLoss, name }));
    const paths = await writeReport({ ...sample, experiments: [{ ...empty, figures }] }, dir);
    expect(paths.figures.map((path) => path.slice(dir.length + 1))).toEqual([
      "up.svg",
      "a-b.svg",
      "A-B-2.svg",
      "unnamed.svg",
      "a-b-3.svg",
    ]);
  });

  test("keeps the numbers where a figure cannot be drawn, and leaves nothing half written", async () => {
    const dir = join(folder, "broken");
    const figure = { ...scaleLoss, y: { label: "y", domain: [1, 0] as const } };
    const results = { ...sample, experiments: [{ ...empty, figures: [figure] }] };
    await expect(writeReport(results, dir)).rejects.toThrow(/plotSvg: the domain of "y"/);
    expect(readdirSync(dir)).toEqual(["report.json"]);
  });

  test("says in one line where it cannot write", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const taken = join(folder, "taken");
    mkdirSync(join(taken, "index.html", "full"), { recursive: true });
    for (const dir of [file, join(file, "below"), taken]) {
      const error: unknown = await writeReport(sample, dir).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(String(error)).toContain(
        `writeReport: ${JSON.stringify(dir)} to be a folder that can be written to`,
      );
      expect(String(error).split("\n")).toHaveLength(1);
    }
    expect(readdirSync(taken).filter((name) => name.includes("tmp"))).toEqual([]);
    await expect(writeReport(sample, "")).rejects.toThrow(ArgumentError);
  });
});
