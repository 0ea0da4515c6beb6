/** What checks and experiments hand to the report: plain data, so that it can be written as JSON, drawn and compared. */

/** One figure that a notebook of the course prints, beside ours. */
export interface CheckRow {
  /** The notebook's section: "Batch normalization: backward". */
  readonly section: string;
  /** What is printed: "dx error". */
  readonly what: string;
  /** As published, digit for digit. */
  readonly published: string;
  /** Ours, with as many digits. */
  readonly ours: string;
  /**
   * "same": every printed digit. "band": the figure is rounding noise, and ours lies where the published ones do.
   * "within": an error that only has to be small, and is. "differs": none of these. "not comparable": it needs data
   * that are not there.
   */
  readonly verdict: "same" | "band" | "within" | "differs" | "not comparable";
  /** Where the verdict needs a word: the band, the bound, what is missing. */
  readonly note?: string;
}

/** One curve. */
export interface Series {
  readonly name: string;
  /** Ours and a published one are drawn alike, in one colour: solid and dotted. */
  readonly group?: string;
  readonly dashed?: boolean;
  readonly x: readonly number[];
  /** null where there is nothing to draw: a loss that overflowed. */
  readonly y: readonly (number | null)[];
}

export interface AxisSpec {
  readonly label: string;
  readonly scale?: "linear" | "log";
  /** What is out of it is cut off, and said so. */
  readonly domain?: readonly [number, number];
}

/** One plot. */
export interface Figure {
  /** For file names: "scale-best-validation". */
  readonly name: string;
  readonly title: string;
  /** One sentence: what to see in it. */
  readonly caption: string;
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  /** "dots" for noisy histories, "line" for curves, "both" for few points. */
  readonly mark: "line" | "dots" | "both";
  readonly series: readonly Series[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly note?: string;
}

/** What one experiment found. */
export interface Experiment {
  /** As on the command line: "scale". */
  readonly name: string;
  readonly title: string;
  /** Plain sentences: what was run, and what it shows. Figures in them come from the run. */
  readonly summary: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
  readonly seconds: number;
}

/** Everything, as written to report.json. */
export interface Results {
  readonly data: string;
  readonly seed: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether steps ran on the tape as it is recorded, or compiled. */
  readonly engine: "eager" | "compiled";
  readonly checks: readonly CheckRow[];
  readonly experiments: readonly Experiment[];
}
