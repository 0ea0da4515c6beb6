/**
 * What keeps text from being XML, as far as figures use it: tags that do not match, attributes without quotes or given
 * twice, and characters that ought to have been escaped. Parsers of HTML, which the tests have, forgive all of that.
 */
export function xmlErrors(text: string): string[] {
  const errors: string[] = [];
  const open: string[] = [];
  let end = 0;
  const tag = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g;
  for (const [whole, slash, name, attributes, empty] of [...text.matchAll(tag)] as string[][]) {
    const start = text.indexOf(whole!, end);
    errors.push(...looseCharacters(text.slice(end, start)), ...looseCharacters(attributes!));
    const names = Array.from(attributes!.matchAll(/([\w:-]+)="/g), (match) => match[1]);
    if (new Set(names).size !== names.length) errors.push(`twice the same attribute in ${whole}`);
    if (slash === "/" && open.pop() !== name) errors.push(`unexpected ${whole}`);
    if (slash === "" && empty === "") open.push(name!);
    end = start + whole!.length;
  }
  errors.push(...looseCharacters(text.slice(end)), ...open.map((name) => `<${name}> is not closed`));
  return errors;
}

function looseCharacters(text: string): string[] {
  const loose = text.match(
    /<|&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);)|(?![\t\n\r])\p{Cc}|\ufffe|\uffff/gu,
  );
  return (loose ?? []).map(
    (character) => `${JSON.stringify(character)} in ${JSON.stringify(text.slice(0, 60))}`,
  );
}
