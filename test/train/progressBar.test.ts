import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { progressBar } from "../../src/train/node/index.ts";

/** A stream that is a terminal, or is not, and keeps what is written. */
function stream(isTTY: boolean): { readonly to: NodeJS.WriteStream; text(): string } {
  let text = "";
  const to = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  // The two of a terminal's many members that are looked at.
  const terminal = Object.assign(to, { isTTY, columns: 120 });
  return { to: terminal as Writable as NodeJS.WriteStream, text: () => text };
}

const step = (
  iteration: number,
  val: number | null,
): Parameters<Awaited<ReturnType<typeof progressBar>>["show"]>[0] => ({
  iteration,
  iterations: 40,
  epoch: Math.floor(iteration / 10),
  epochs: 4,
  loss: 1.23456,
  accuracy: val === null ? null : { train: 0, val },
});

test("a terminal shows how far it is, from wherever it began", async () => {
  const { to, text } = stream(true);
  const counts = ["SIGINT", "SIGTERM"].map((name) => process.listenerCount(name));
  const bar = await progressBar(to);
  bar.show(step(10, 0.75));
  bar.show(step(11, null));
  expect(["SIGINT", "SIGTERM"].map((name) => process.listenerCount(name))).toEqual(counts);
  bar.end();
  bar.end();
  const shown = stripVTControlCharacters(text());
  expect(shown).toContain("10 / 40 | epoch 1 / 4 | loss 1.235 | val 0.750 | ");
  expect(shown).toContain("11 / 40 | epoch 1 / 4 | loss 1.235 | val 0.750 | ");
  expect(shown.endsWith("\n")).toBe(true);
});

test("a file or a pipe shows nothing", async () => {
  const { to, text } = stream(false);
  const bar = await progressBar(to);
  bar.show(step(1, 0.5));
  bar.end();
  expect(text()).toBe("");
});
