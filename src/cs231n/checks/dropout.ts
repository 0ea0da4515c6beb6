import { fromData, type Tensor } from "../../../graph/index.ts";
import { add, div, greater, where } from "../../../ops/index.ts";
import { dropout } from "../../nn/index.ts";
import { numpyRandom } from "../../random/index.ts";
import { vjp } from "../../transforms/derivatives.ts";
import type { CheckRow } from "../result.ts";
import { centralDifferences, relError } from "./differences.ts";
import { CourseRandom } from "./numpy/random.ts";
import { mean } from "./numpy/sum.ts";
import { twelveDigits } from "./printed.ts";
import { figure } from "./row.ts";

/** As printed by 12 of 17 notebooks. */
export const DROPOUT_FORWARD = {
  meanOfInput: "10.000207878477502",
  kept: [
    { keep: 0.25, mean: "10.014059116977283", zeros: "0.749784" },
    { keep: 0.4, mean: "9.977917658761159", zeros: "0.600796" },
    { keep: 0.7, mean: "9.987811912159426", zeros: "0.30074" },
  ],
} as const;

/** Until 2017 p was the probability of being dropped, and Python 2 printed twelve digits. */
export const DROPOUT_FORWARD_2017 = [
  { drop: 0.3, mean: "9.98526577052", zeros: "0.300876" },
  { drop: 0.6, mean: "10.035153558", zeros: "0.598632" },
  { drop: 0.75, mean: "10.0216257491", zeros: "0.749504" },
] as const;

/** As printed by 12 of 17 notebooks. */
export const DROPOUT_BACKWARD = "5.44560814873387e-11";

/** The check of `dropout_forward`: 250,000 numbers around 10. */
export function dropoutForward(): CheckRow[] {
  const section = "Dropout: forward";
  const { x, random } = drawn();
  return [
    figure(section, {
      what: "mean of input",
      published: DROPOUT_FORWARD.meanOfInput,
      value: numpyMean(x),
    }),
    ...DROPOUT_FORWARD.kept.flatMap(({ keep, ...published }) => {
      const y = dropout(x, { keep, mode: "training", random });
      return [
        figure(section, {
          what: `mean of output, keep ${keep}`,
          published: published.mean,
          value: numpyMean(y),
        }),
        figure(section, {
          what: `share of zeros, keep ${keep}`,
          published: published.zeros,
          value: zeros(y),
        }),
      ];
    }),
  ];
}

/** The same as the course had it until 2017: kept where u > p. */
export function dropoutForward2017(): CheckRow[] {
  const section = "Dropout: forward, 2017";
  const { x, random } = drawn();
  return DROPOUT_FORWARD_2017.flatMap(({ drop, ...published }) => {
    const y = where(greater(random.rand(...x.shape), drop), div(x, 1 - drop), 0);
    return [
      figure(section, {
        what: `mean of output, drop ${drop}`,
        published: published.mean,
        value: numpyMean(y),
        print: twelveDigits,
      }),
      figure(section, {
        what: `share of zeros, drop ${drop}`,
        published: published.zeros,
        value: zeros(y),
        print: twelveDigits,
      }),
    ];
  });
}

/** The check of `dropout_backward`. */
export function dropoutBackward(): CheckRow[] {
  const random = new CourseRandom(231);
  const x = add(random.randn(10, 10), 10);
  const yBar = random.randn(10, 10);
  const layer = (t: Tensor): Tensor => dropout(t, { keep: 0.2, mode: "training", random: numpyRandom(123) });
  const [bar] = vjp(layer, x)[1](yBar);
  const numeric = centralDifferences(x, (moved) => layer(fromData(x.shape, x.dtype, moved)).data, yBar);
  return [
    figure("Dropout: backward", {
      what: "dx error",
      published: DROPOUT_BACKWARD,
      value: relError(bar, numeric),
    }),
  ];
}

function drawn(): { readonly x: Tensor; readonly random: ReturnType<CourseRandom["source"]> } {
  const course = new CourseRandom(231);
  const x = add(course.randn(500, 500), 10);
  return { x, random: course.source() };
}

function numpyMean(x: Tensor): number {
  return mean(Float64Array.from(x.data));
}

function zeros({ data, size }: Tensor): number {
  let count = 0;
  for (const value of data) if (value === 0) count++;
  return count / size;
}
