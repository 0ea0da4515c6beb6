/** `wengert derive`: the steps for a terminal, or as LaTeX. */
import { expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";

async function wengert(...argv: string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = "";
  const into = (text: string): void => {
    said += `${text}\n`;
  };
  const code = await run(argv, { out: into, error: into, style: (_, text) => text });
  return { code, said };
}

test("derives an op by its name, at shapes of one's choice", async () => {
  const { code, said } = await wengert("derive", "layerNorm", "--shapes", "4x5,5,5");
  expect(code).toBe(0);
  expect(said).toContain(
    "xBar     = (N * gamma * yBar - sum_j(gamma * yBar) - xHat * sum_j(gamma * yBar * xHat)) / (N * sigma)",
  );
  expect(said).toMatch(/\nN = 5\n$/);
});

test("writes LaTeX", async () => {
  const { code, said } = await wengert("derive", "matmul", "--format", "latex");
  expect(code).toBe(0);
  expect(said).toContain("\\bar{w} &= {x}^{\\top} \\, \\bar{y}");
});

test.each([
  [["derive"], "derive takes one op's name"],
  [["derive", "matmul", "--format", "html"], "--format must be one of text, latex, got 'html'"],
])("refuses %j", async (argv, message) => {
  const { code, said } = await wengert(...argv);
  expect(code).toBe(2);
  expect(said).toContain(message);
});

test("says of what has no derivative that it has none", async () => {
  const { code, said } = await wengert("derive", "argmax");
  expect(code).toBe(1);
  expect(said).toContain("derive: f to have a float result, got int32");
});
