import { styleText } from "node:util";

export type Style = "bold" | "dim" | "green" | "red";

/** Where a command writes: the process's streams, or a test's. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** The text in a style, where what is written to `out` can show one. */
  style(style: Style, text: string): string;
}

/** This process's own streams. Styles only for people: never into a pipe, nor where NO_COLOR is set. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // hasColors() knows NO_COLOR, FORCE_COLOR and TERM=dumb; a pipe has no such method.
  const isStyled = stdout.isTTY === true && stdout.hasColors();
  return {
    out: (text) => void stdout.write(`${text}\n`),
    error: (text) => void stderr.write(`${text}\n`),
    style: (style, text) => (isStyled ? styleText(style, text) : text),
  };
}
