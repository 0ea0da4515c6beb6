import { parseHTML } from "linkedom";
import { afterEach, describe, expect, test, vi } from "vitest";
import { plotSvg } from "../../src/cs231n/report/index.ts";
import { COLOURS, INK, looksOf, PAPER } from "../../src/cs231n/report/looks.ts";
import type { AxisSpec, Figure, Series } from "../../src/cs231n/result.ts";
import { DataError } from "../../src/data/index.ts";
import { ArgumentError } from "../../src/index.ts";
import { accuracyCurves, againstPublished, lossDots, scaleLoss } from "./reportSample.ts";
import { xmlErrors } from "./wellFormed.ts";

const FIGURES = [scaleLoss, lossDots, accuracyCurves, againstPublished];
const HOSTILE = `</title><script>alert("1 & 2's")</script> \u0000\u001b[31m ]]> \ud800`;
const SHOWN = `</title><script>alert("1 & 2's")</script> \ufffd\ufffd[31m ]]> \ufffd`;

function parsed(svg: string): Element {
  const { DOMParser } = parseHTML("<html></html>");
  return new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
}

/** Everything that can be read in it: each text, its lines joined. */
function words(svg: string): string[] {
  return Array.from(parsed(svg).querySelectorAll("text"), (text) => {
    const lines = Array.from(text.querySelectorAll("tspan"));
    return (lines.length === 0 ? [text] : lines).map(({ textContent }) => textContent).join(" ");
  });
}

function figure(
  series: readonly Series[],
  axes: { x?: Partial<AxisSpec>; y?: Partial<AxisSpec> } = {},
): Figure {
  return {
    name: "f",
    title: "Title",
    caption: "Caption.",
    x: { label: "Across", ...axes.x },
    y: { label: "Up", ...axes.y },
    mark: "line",
    series,
  };
}

/** The places that a path goes to, in pixels. */
function places(path: string): number[][] {
  return path.match(/-?[\d.]+,-?[\d.]+/g)!.map((place) => place.split(",").map(Number));
}

function linesOf(svg: string): string[] {
  const groups = Array.from(parsed(svg).querySelectorAll('[aria-label="line"]'));
  return groups.map((group) => group.querySelector("path")!.getAttribute("d")!);
}

describe("a figure", () => {
  test.each(FIGURES)("$name is an SVG that stands on its own", async (sample) => {
    const svg = await plotSvg(sample);
    expect(xmlErrors(svg)).toEqual([]);
    const root = parsed(svg);
    expect(root.tagName).toBe("svg");
    expect(root.getAttribute("xmlns")).toBe("http://www.w3.org/2000/svg");
    expect(root.getAttribute("role")).toBe("img");
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
      /https?:|url\(|href|<script|@import/,
    );
    // Ids of two figures in one page could be the same.
    expect(svg).not.toMatch(/\sid="/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test.each(FIGURES)("$name says what it shows", async (sample) => {
    const svg = await plotSvg(sample);
    const shown = words(svg);
    expect(shown).toContain(sample.title);
    for (const { name } of sample.series) expect(shown).toContain(name);
    for (const axis of [sample.x, sample.y]) {
      expect(shown).toContain(axis.scale === "log" ? `${axis.label} (log scale)` : axis.label);
    }
    const [title, description] = Array.from(parsed(svg).children);
    expect([title?.tagName, description?.tagName]).toEqual(["title", "desc"]);
    expect(title?.textContent).toBe(sample.title);
    expect(description?.textContent).toContain(sample.caption);
    for (const { name } of sample.series) expect(description?.textContent).toContain(name);
  });

  test.each(FIGURES)("$name comes out the same every time", async (sample) => {
    const first = await plotSvg(sample);
    await plotSvg(lossDots);
    expect(await plotSvg(structuredClone(sample))).toBe(first);
  });

  test("has coordinates of at most two decimals, which engines do not differ in", async () => {
    const drawn = (await plotSvg(againstPublished)).match(/ (?:d|transform|[xy][12]?)="[^"]*"/g)!.join("");
    expect(drawn).not.toMatch(/\.\d{4}/);
  });

  test("shows hostile text as text", async () => {
    const series = { name: HOSTILE, x: [1, 2], y: [1, 2] };
    const axes = { x: { label: HOSTILE }, y: { label: HOSTILE } };
    const svg = await plotSvg({ ...figure([series], axes), title: HOSTILE, caption: HOSTILE });
    expect(xmlErrors(svg)).toEqual([]);
    const root = parsed(svg);
    expect(root.querySelector("script")).toBe(null);
    expect(root.querySelector("title")!.textContent).toBe(SHOWN);
    expect(words(svg).filter((text) => text === SHOWN)).toHaveLength(4);
    const page = parseHTML(`<html><body>${svg}</body></html>`).document;
    expect(page.querySelector("script")).toBe(null);
  });

  test("breaks a long title, and cuts a long name, which is whole for those who hear it", async () => {
    const long = "word ".repeat(60).trim();
    const svg = await plotSvg({ ...figure([{ name: long, x: [1], y: [1] }]), title: long });
    const [title] = words(svg).filter((text) => text === long);
    expect(title).toBeDefined();
    expect(words(svg).some((text) => text.startsWith("word word") && text.endsWith("…"))).toBe(true);
    expect(parsed(svg).querySelector("desc")!.textContent).toContain(`Series: ${long} (1 value)`);
  });
});

describe("what is not drawn is said", () => {
  test("a log axis has no place for zero and less", async () => {
    const series = { name: "s", x: [0, 0.001, 0.01, 1], y: [1, -2, 3, 4] };
    const svg = await plotSvg(figure([series], { x: { scale: "log" }, y: { scale: "log" } }));
    const note = "s: 2 of 4 values left out, being 0 or less: a log axis has no place for them";
    expect(words(svg).join(" ")).toContain(note);
    expect(parsed(svg).querySelector("desc")!.textContent).toContain(note);
    expect(places(linesOf(svg)[0]!)).toHaveLength(2);
  });

  test("values beyond the domain are cut off at its end", async () => {
    const series = { name: "loss", x: [0, 1, 2, 3], y: [1, 2, 30, 4e7] };
    const svg = await plotSvg(figure([series], { x: { domain: [0, 3] }, y: { domain: [0, 4] } }));
    expect(words(svg)).toContain("loss: 2 of 4 values cut off above 4 (the largest: 4e7)");
    const line = places(linesOf(svg)[0]!);
    expect(line).toHaveLength(3);
    // From (0, 1), by (1, 2), to the upper edge: a quarter of the height from 1 to 2, and so from 2 to 4 twice that.
    const [start, middle, end] = line as [number[], number[], number[]];
    expect(middle[1]! - end[1]!).toBeCloseTo(2 * (start[1]! - middle[1]!), 1);
    // The way from 2 to 30 is at 4 after a fourteenth.
    expect((end[0]! - middle[0]!) / (middle[0]! - start[0]!)).toBeCloseTo(1 / 14, 2);
  });

  test("a curve that comes in, or passes through, is drawn where it is within", async () => {
    const axes = { x: { domain: [0, 4] }, y: { domain: [0, 1] } } as const;
    const through = await plotSvg(figure([{ name: "s", x: [0, 4], y: [-1, 2] }], axes));
    expect(places(linesOf(through)[0]!)).toHaveLength(2);
    expect(words(through).join(" ")).toContain("s: 1 of 2 values cut off below 0 (the smallest: -1)");
    const back = await plotSvg(
      figure([{ name: "s", x: [0, 1, 2, 3, 4, 5], y: [0.5, 2, 0.5, 0.5, 2, 0.5] }], axes),
    );
    expect(linesOf(back)[0]!.match(/M/g)).toHaveLength(2);
    expect(words(back).join(" ")).toContain("s: 1 of 6 values cut off to the left or right of 0 to 4");
  });

  test("gaps, and points that they leave alone", async () => {
    const series = { name: "s", x: [1, 2, 3, 4, 5, 6], y: [1, null, 3, Number.NaN, 5, 6] };
    const svg = await plotSvg(figure([series]));
    expect(words(svg)).toContain("s: 2 of 6 values left out, being no finite numbers");
    // 5 to 6; 1 and 3 are lines of no length, and have symbols.
    expect(linesOf(svg)[0]!.match(/L/g)).toHaveLength(1);
    const dots = Array.from(parsed(svg).querySelectorAll("path.fill-0"))[0]!;
    expect(dots.getAttribute("d")!.match(/M/g)).toHaveLength(4);
  });

  test("points that gaps leave alone have symbols even where only a few of the others have", async () => {
    const x = Array.from({ length: 100 }, (_, k) => k);
    const y = x.map((k) => (k === 49 || k === 51 ? null : k));
    const svg = await plotSvg(figure([{ name: "s", x, y }]));
    const marks = parsed(svg).querySelector("path.fill-0")!.getAttribute("d")!.match(/M/g)!;
    expect(marks.length).toBeGreaterThan(5);
    expect(marks.length).toBeLessThan(12);
  });

  test.each([
    ["no series", []],
    ["a series without values", [{ name: "none", x: [], y: [] }]],
    ["a series of gaps", [{ name: "none", x: [1, 2], y: [null, null] }]],
    ["a series that a log axis has no place for", [{ name: "none", x: [1], y: [-1] }]],
  ] as const)("%s", async (_, series) => {
    const svg = await plotSvg(figure(series, { y: { scale: "log" } }));
    expect(xmlErrors(svg)).toEqual([]);
    expect(words(svg)).toContain("No values to draw");
    expect(svg).not.toMatch(/NaN|Infinity/);
    if (series.length > 0) expect(words(svg).some((text) => /^none: /.test(text))).toBe(true);
  });

  test("one point, one value again and again, and huge and tiny numbers have axes", async () => {
    for (const y of [[3], [3, 3, 3], [0, 0], [-5e30, 1e30], [1e-300, 2e-300], [Number.MAX_VALUE, 1]]) {
      for (const scale of ["linear", "log"] as const) {
        const svg = await plotSvg(figure([{ name: "s", x: y.map((_, k) => k + 1), y }], { y: { scale } }));
        expect(xmlErrors(svg)).toEqual([]);
        expect(svg).not.toMatch(/NaN|Infinity/);
      }
    }
  });
});

describe("what is told apart", () => {
  test("ours and a published one have one colour, and only the published one is dotted", () => {
    const looks = looksOf(againstPublished.series);
    expect(looks.map(({ colour }) => colour)).toEqual([0, 1, 0, 1]);
    expect(looks.map(({ symbol }) => symbol)).toEqual([0, 1, 0, 1]);
    expect(looks.map(({ isDashed }) => isDashed)).toEqual([false, false, true, true]);
  });

  test("forty series are forty pairs of colour and symbol", () => {
    const looks = looksOf(Array.from({ length: 40 }, (_, k) => ({ name: `s${k}` })));
    expect(new Set(looks.map(({ colour, symbol }) => `${colour} ${symbol}`)).size).toBe(40);
  });

  test("series have different symbols in the figure and in the legend", async () => {
    const svg = await plotSvg(accuracyCurves);
    const paths = Array.from(parsed(svg).querySelectorAll("path[class^=fill-]"));
    expect(paths).toHaveLength(14);
    const shapes = paths.map((path) =>
      path
        .getAttribute("d")!
        .split("M")[1]!
        .replace(/^[^a-z]*/, ""),
    );
    // Seven series, of which the last has the first one's symbol, and another colour.
    expect(new Set(shapes.slice(0, 7)).size).toBe(6);
  });

  /** By WCAG 2: (lighter + 0.05) / (darker + 0.05) of the relative luminances. */
  function contrast(a: string, b: string): number {
    const luminance = (hex: string): number => {
      const [r, g, b] = [1, 3, 5].map((k) => {
        const c = Number.parseInt(hex.slice(k, k + 2), 16) / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  }

  test("colours stand out from the paper, light and dark", () => {
    for (const mode of ["light", "dark"] as const) {
      expect(contrast(INK[mode], PAPER[mode])).toBeGreaterThan(12);
      for (const colour of COLOURS) expect(contrast(colour[mode], PAPER[mode])).toBeGreaterThan(3);
    }
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
  });

  test("the style of the figure has both", async () => {
    const style = parsed(await plotSvg(scaleLoss)).querySelector("style")!.textContent!;
    const [light, dark] = style.split("@media screen and (prefers-color-scheme: dark)");
    expect(light).toContain(COLOURS[0]!.light);
    expect(dark).toContain(COLOURS[0]!.dark);
    // Selectors that would reach beyond the figure in a page.
    const selectors = style.match(/^[^@}\n][^{\n]*(?=\{)/gm)!;
    for (const selector of selectors) expect(selector).toMatch(/^\.wengert-plot/);
  });
});

describe("what is refused", () => {
  const series = { name: "s", x: [1, 2], y: [1, 2] };

  test.each([
    ["fewer y than x", figure([{ ...series, y: [1] }]), /series "s" of figure "f".*2 x and 1 y/],
    ["no mark", { ...figure([series]), mark: "bars" as never }, /"line", "dots" or "both"/],
    ["no scale", figure([series], { x: { scale: "ln" as never } }), /"Across" to be linear or log/],
    ["a log axis from zero", figure([series], { y: { scale: "log", domain: [0, 1] } }), /no zero/],
    ["a domain upside down", figure([series], { y: { domain: [2, 1] } }), /\[low, high\]/],
    [
      "a domain without an end",
      figure([series], { y: { domain: [0, Number.POSITIVE_INFINITY] } }),
      /\[low, high\]/,
    ],
  ])("%s", async (_, bad, message) => {
    const error: unknown = await plotSvg(bad).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toMatch(message);
  });

  afterEach(() => {
    vi.doUnmock("linkedom");
    vi.resetModules();
  });

  test("to draw without the packages that it takes, and says which", async () => {
    vi.doMock("linkedom", () => {
      throw Object.assign(new Error("Cannot find package 'linkedom'"), { code: "ERR_MODULE_NOT_FOUND" });
    });
    const error: unknown = await plotSvg(figure([series])).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(
      /^DataError: plotSvg: the package linkedom, got .*npm install @observablehq\/plot linkedom$/,
    );
  });
});
