/** A report as a table: a row an input, a column an order. */
import type { PlainReport } from "./messages.ts";

export interface Cell {
  readonly digits: number;
  readonly verdict: string;
  readonly limitedBy: string;
  /** 0 to 4: how many of four boxes are full, which says as much as the colour does. */
  readonly level: number;
}

export interface CertificateTable {
  readonly orders: readonly number[];
  readonly rows: readonly { readonly input: string; readonly cells: readonly (Cell | null)[] }[];
}

/** Order 0, the value's, first; then the inputs in their order. Null where an order was not looked at. */
export function certificateTable({ findings }: PlainReport): CertificateTable {
  const orders = [...new Set(findings.map(({ order }) => order))].sort((a, b) => a - b);
  const inputs = [...new Set(findings.map(({ input }) => input))];
  const rows = inputs.map((input) => ({
    input,
    cells: orders.map((order): Cell | null => {
      const finding = findings.find((one) => one.input === input && one.order === order);
      if (finding === undefined) return null;
      const { digits, verdict, limitedBy } = finding;
      return { digits, verdict, limitedBy, level: levelOf(digits, verdict) };
    }),
  }));
  return { orders, rows };
}

/** Four boxes for 16 digits. What does not agree has none, however many digits there are. */
function levelOf(digits: number, verdict: string): number {
  return verdict === "agrees" ? Math.max(1, Math.min(4, Math.round(digits / 4))) : 0;
}
