/** Every link inside the documentation leads somewhere: page, heading, picture. */
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { DOCS, PAGES } from "./files.ts";

const withoutCode = (text: string): string =>
  text.replace(/^(`{3,})[^`]*$.*?^\1$/gms, "").replace(/`[^`\n]+`/g, (code) => code.replace(/[[\]()]/g, ""));

/** As VitePress makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of withoutCode(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const [, own] = /\{#([\w-]+)\}$/.exec(heading!) ?? [];
    let slug = own ?? slugOf(heading!);
    for (let n = 1; anchors.has(slug); n++) slug = `${slugOf(heading!)}-${n}`;
    anchors.add(slug);
  }
  for (const [, id] of text.matchAll(/ id="([^"]+)"/g)) anchors.add(id!);
  return anchors;
}

function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("`", "")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, "-")
    .replace(/-{2,}/g, "-")
    .replace(/^-+|-+$/g, "")
    .replace(/^(\d)/, "_$1")
    .toLowerCase();
}

const ANCHORS = new Map(PAGES.map(({ path, text }) => [path, anchorsOf(text)]));

/** What a link means, from the page that it stands on; null for what is outside, or generated at build. */
function problemWith(link: string, from: string): string | null {
  if (/^(https?:|mailto:)/.test(link)) return null;
  const [file = "", anchor] = decodeURI(link).split("#");
  const path = file.replace(/\.html$/, "");
  const joined =
    path === "" ? from : path.startsWith("/") ? path.slice(1) : posix.join(posix.dirname(from), path);
  if (joined.startsWith("api/")) return null; // test/docs follows these in the built site
  if (existsSync(`${DOCS}public/${joined}`) && joined !== "") return null;
  const page = [joined, `${joined}.md`, posix.join(joined, "index.md")].find((name) => ANCHORS.has(name));
  if (page === undefined)
    return existsSync(DOCS + joined) && !joined.endsWith("/") ? null : "there is no such page";
  return anchor === undefined || ANCHORS.get(page)!.has(anchor) ? null : `${page} has no heading #${anchor}`;
}

describe("links", () => {
  const all = PAGES.flatMap(({ path, text }) =>
    [
      ...withoutCode(text).matchAll(
        /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|(?<!:)(?:href|src)="([^"]+)"|^ +link: (\S+)$/gm,
      ),
    ].map((match) => ({
      from: path,
      link: (match[1] ?? match[2] ?? match[3])!,
    })),
  );

  test("are found", () => expect(all.length).toBeGreaterThan(10));

  test("lead somewhere", () => {
    const broken = all.flatMap(({ from, link }) => {
      const problem = problemWith(link, from);
      return problem === null ? [] : [`${from}: ${link}: ${problem}`];
    });
    expect(broken).toEqual([]);
  });

  test("that lead nowhere are seen", () => {
    expect(problemWith("nowhere.md", "verdicts.md")).toBe("there is no such page");
    expect(problemWith("#nowhere", "verdicts.md")).toBe("verdicts.md has no heading #nowhere");
    expect(problemWith("verdicts.md#the-witnesses", "index.md")).toBeNull();
    expect(problemWith("../verdicts.md", "decisions/0001-layout-and-toolchain.md")).toBeNull();
  });
});

describe("components", () => {
  test.each(
    PAGES.flatMap(({ path, text }) =>
      [...text.matchAll(/<(?:LiveExample|TapeExplorer|CertificateView) (?:name|example)="([^"]+)"/g)].map(
        ([, name]) => ({ path, name: name! }),
      ),
    ),
  )("$path shows $name, which exists", ({ name }) =>
    expect(existsSync(`${DOCS}examples/${name}.ts`)).toBe(true),
  );
});
