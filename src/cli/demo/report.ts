/** The demonstration in words, for somebody who meets a computation graph for the first time. */
import { columns, roundedText, type Tensor, toText } from "../../../graph/index.ts";
import type { Terminal } from "../terminal.ts";
import type { Demo } from "./data.ts";
import { type Compared, WAYS } from "./gradients.ts";
import { arrayLines, mean, short } from "./numbers.ts";
import type { Timing } from "./timing.ts";
import type { WalkBack } from "./walkBack.ts";

export function demoReport(demo: Demo, isFull: boolean, style: Terminal["style"]): string {
  const { program, walk, compared, timing, picture } = demo;
  const [n, d] = demo.inputs.x.shape;
  const section = (title: string, sentence: string, lines: readonly string[]): string[] => [
    "",
    style("bold", title),
    style("dim", `  ${sentence}`),
    "",
    ...lines.map((line) => `  ${line}`.trimEnd()),
  ];
  return [
    style("bold", "Batch normalisation, and its gradient from the tape"),
    "",
    "  y = gamma xHat + beta,   xHat = (x - mu) / sqrt(variance + 1e-5)",
    "",
    `  on ${n} examples of ${d} features: the inputs of CS231n, assignment 2, batchnorm_backward.`,
    ...section(
      "1  The tape",
      "Running the layer writes down each operation, one a line; a line uses only lines above it.",
      toText(program).split("\n"),
    ),
    ...section(
      "2  The walk back",
      "Read from the last line up, each line hands what flows into it on to the lines it was made from.",
      [...(isFull ? walkInFull(walk) : walkInBrief(walk)), "", ...legend(walk, isFull)],
    ),
    ...section(
      "3  Is it right?",
      "The first element of each gradient in four ways, and how many digits all elements share.",
      [
        ...agreement(compared),
        "",
        "closed form: derived by hand, one fused operation.  Ridders: extrapolated differences.",
        "complex step: the layer written again in complex numbers, exact to rounding.",
      ],
    ),
    ...section(
      "4  Beside the course's figures",
      "The course checks a gradient against differences with step 1e-5, and prints the largest error.",
      [
        ...courseFigures(compared),
        "",
        "These are errors of the differences: one changed bit of an input can double the small ones.",
        "The tape's own error, by the same measure against the complex step, is in the last column.",
      ],
    ),
    ...section(
      "5  What it costs",
      `The tape's time beside that of the closed form, on ${timing.n} examples of ${timing.d} features.`,
      [
        ...costs(timing),
        "",
        `Medians (and the middle half) of ${timing.rounds} runs each, in turn, after a warm-up, on this machine.`,
      ],
    ),
    ...section(
      "6  The graph as a picture",
      "Ellipses are inputs, boxes operations, a double line is the result.",
      [picture.file, ...(picture.note === null ? [] : [picture.note])],
    ),
    "",
    demo.disagreements.length === 0
      ? style("green", "All ways agree.")
      : style("red", ["They do not agree:", ...demo.disagreements].join("\n  ")),
  ].join("\n");
}

function walkInBrief({ steps }: WalkBack): string[] {
  const rows: string[][] = [["(numbers are means over each array)", " value", " flows in", " passes on"]];
  // A long rule gets a line of its own, or all numbers would stand far to the right of it.
  const below = new Map<number, string>();
  for (const { name, formula, value, cotangent, passes } of steps) {
    rows.push([`${name} = ${formula}`, short(mean(value)), short(mean(cotangent)), ""]);
    for (const { to, rule, cotangent: passed } of passes) {
      const isLong = rule.length > LONG;
      rows.push([`  ${to}Bar += ${isLong ? "" : rule}`.trimEnd(), "", "", short(mean(passed))]);
      if (isLong) below.set(rows.length - 1, `      ${rule}`);
    }
  }
  return columns(rows).flatMap((line, k) => (below.has(k) ? [line, below.get(k)!] : [line]));
}

const LONG = 48;

function walkInFull({ steps, gradients }: WalkBack): string[] {
  const block = (title: string, t: Tensor): string[] => [
    `    ${title}`,
    ...arrayLines(t).map((line) => `        ${line}`),
  ];
  return [
    ...steps.flatMap(({ name, formula, value, cotangent, passes }) => [
      `${name} = ${formula}`,
      ...block("value", value),
      ...block(`${name}Bar flows in`, cotangent),
      ...passes.flatMap((pass) => block(`${pass.to}Bar += ${pass.rule}`, pass.cotangent)),
      "",
    ]),
    "all that has arrived at the inputs",
    ...gradients.flatMap(({ name, gradient }) => block(`${name}Bar`, gradient)),
  ];
}

/** How to read it. */
function legend({ gradients }: WalkBack, isFull: boolean): string[] {
  return [
    "yBar is dL/dy for some loss L behind the layer (dout in the course); xBar is dL/dx, and so on.",
    "+= adds up what comes by several paths. scale(a, b) is a product. sumTo(t, [1,5]) adds t up until",
    "it has that shape, broadcastTo repeats t until it has.",
    `${gradients.map(({ name }) => `${name}Bar`).join(", ")} are the gradients.${isFull ? "" : " With --full, every number is shown instead of means."}`,
  ];
}

function agreement(compared: readonly Compared[]): string[] {
  const rows = compared.flatMap(({ name, tape, others, digits }) => [
    [
      `${name}[${tape.shape.map(() => 0)}]`,
      ...[tape, ...WAYS.map(({ way }) => others[way])].map((t) => roundedText(t.data[0]!, 12)),
    ],
    ["", "digits shared with it:", ...WAYS.map(({ way }) => digits[way].toFixed(1))],
  ]);
  return columns([["", "tape", ...WAYS.map(({ title }) => title)], ...rows], [1, 2, 3, 4]);
}

function courseFigures(compared: readonly Compared[]): string[] {
  const rows = compared.map(({ name, courseError: { published, here }, trueError }) => [
    name,
    published.toExponential(),
    here.toExponential(),
    trueError.toExponential(1),
  ]);
  return columns([["", "published", "here", "tape's own"], ...rows], [1, 2, 3]);
}

function costs({ races }: Timing): string[] {
  const ms = (time: number): string => time.toFixed(2);
  const rows = races.map(({ what, tape, fused, ratio }) => [
    what,
    ...[tape, fused].map(({ median, low, high }) => `${ms(median)} ms (${ms(low)} to ${ms(high)})`),
    `${ratio.toFixed(2)}`,
  ]);
  return columns([["", "tape", "closed form", "ratio"], ...rows], [1, 2, 3]);
}
