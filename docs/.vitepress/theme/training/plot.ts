/** Two loss curves by uPlot, on a logarithmic axis, in the page's colours; the dashed one is told apart without them. */
import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";

export interface Curves {
  readonly step: readonly number[];
  readonly withNorm: readonly (number | null)[];
  readonly without: readonly (number | null)[];
}

export interface Names {
  readonly step: string;
  readonly withNorm: string;
  readonly without: string;
}

export interface LossPlot {
  show(curves: Curves): void;
  /** When the page's colours have changed. */
  recolour(): void;
  destroy(): void;
}

export function lossPlot(host: HTMLElement, names: Names, steps: number): LossPlot {
  const colour = (variable: string) => () => getComputedStyle(host).getPropertyValue(variable).trim();
  const axis: uPlot.Axis = {
    stroke: colour("--vp-c-text-2"),
    grid: { stroke: colour("--vp-c-divider"), width: 1 },
    ticks: { stroke: colour("--vp-c-border"), width: 1 },
  };
  const plot = new uPlot(
    {
      width: Math.max(host.clientWidth, 240),
      height: 280,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [0, steps] },
        y: { distr: 3, range: (_, low, high) => decades(low, high) },
      },
      axes: [
        { ...axis, label: names.step, labelSize: 24 },
        {
          ...axis,
          size: 64,
          values: (_, ticks) => ticks.map((tick) => (isPower(tick) ? powerText(tick) : "")),
        },
      ],
      series: [
        {},
        { label: names.withNorm, stroke: colour("--w-forward"), width: 2.5, points: { show: false } },
        {
          label: names.without,
          stroke: colour("--w-backward"),
          width: 2,
          dash: [6, 4],
          points: { show: false },
        },
      ],
    },
    [[], [], []],
    host,
  );
  const observer = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(host.clientWidth, 240), height: 280 });
  });
  observer.observe(host);
  return {
    show: ({ step, withNorm, without }) => plot.setData([[...step], positive(withNorm), positive(without)]),
    recolour: () => plot.redraw(),
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

/** Whole powers of ten around what there is, and from 0.01 to 10 in any case. Before there are data, both are null. */
function decades(low: number | null, high: number | null): [number, number] {
  const end = (value: number | null, otherwise: number): number =>
    value !== null && value > 0 && Number.isFinite(value) ? Math.log10(value) : otherwise;
  return [10 ** Math.min(-2, Math.floor(end(low, -2))), 10 ** Math.max(1, Math.ceil(end(high, 1)))];
}

/** A logarithm of 0 has no place. */
function positive(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}

function isPower(tick: number): boolean {
  return Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9;
}

function powerText(tick: number): string {
  return tick >= 0.001 && tick < 10_000 ? String(tick) : `1e${Math.round(Math.log10(tick))}`;
}
