/** Text that is fitted into lines, in a terminal and in a figure. */

/**
 * Text that XML and terminals can hold: no control characters (among them those that begin an escape sequence), no
 * halves of a surrogate pair, and one space for each run of white space.
 */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .replace(/\p{Cc}|\p{Cs}|\p{Co}|[\ufffe\uffff]/gu, "\ufffd")
    .trim();
}

/**
 * Break text at its spaces, and a word that is too long for a line wherever the line ends. There is always a line.
 *
 * @param measure how wide a piece of text is
 */
export function wrapped(text: string, width: number, measure: (piece: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of oneLine(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    while (measure(word) > width) {
      const fits = longestFit(word, width, measure);
      lines.push(fits);
      word = word.slice(fits.length);
    }
    line = word;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}

/** Text cut to one line, with an ellipsis where something is missing. */
export function elided(text: string, width: number, measure: (piece: string) => number): string {
  const line = oneLine(text);
  if (measure(line) <= width) return line;
  return `${longestFit(line, width - measure("…"), measure).trimEnd()}…`;
}

/** As many whole characters from the start as fit; never none. */
function longestFit(text: string, width: number, measure: (piece: string) => number): string {
  let fits = "";
  for (const character of text) {
    if (fits !== "" && measure(fits + character) > width) break;
    fits += character;
  }
  return fits;
}

/** How many columns text takes in a terminal, where its characters are of the usual width. */
export function columns(text: string): number {
  return Array.from(text).length;
}

/**
 * About how many pixels text takes in a figure. There are no font metrics here, nor is it known which font a reader
 * has: reckoned for a wide one.
 */
export function pixels(fontSize: number): (text: string) => number {
  return (text) => {
    let ems = 0;
    for (const character of text) ems += emsOf(character);
    return ems * fontSize;
  };
}

function emsOf(character: string): number {
  if (character.codePointAt(0)! >= 0x1100 && !/\p{P}/u.test(character)) return 1;
  if (/[ .,:;'|!iljt()[\]]/.test(character)) return 0.38;
  return /[A-Zmw%@]/.test(character) ? 0.74 : 0.62;
}
