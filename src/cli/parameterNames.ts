/** What a function calls its first parameters; a, b, c where it does not say. */
export function parameterNames(f: unknown, count: number): string[] {
  const [, list, alone = ""] = PARAMETERS.exec(String(f)) ?? [];
  const names = (list ?? alone).split(",").map((parameter) => /^\s*([A-Za-z_$][\w$]*)/.exec(parameter)?.[1]);
  const isTold = names.length >= count && names.slice(0, count).every((name) => name !== undefined);
  return Array.from({ length: count }, (_, k) => {
    const fallback = count === 1 ? "x" : count <= 3 ? "abc"[k]! : `x${k + 1}`;
    return isTold ? names[k]! : fallback;
  });
}

/** `function f(x, y) {`, `(x, y) =>` or `x =>` */
const PARAMETERS = /^(?:function\s*[\w$]*\s*)?\(([^)]*)\)|^([\w$]+)\s*=>/;
