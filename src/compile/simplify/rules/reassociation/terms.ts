/** Terms that are alike. */
import { type Shape, sizeOf } from "../../../../../graph/index.ts";
import { Add, add, mul, Neg, Sub, sub } from "../../../../../ops/index.ts";
import { zerosOf } from "../../constants.ts";
import { between } from "../../fitting.ts";
import type { AlgebraRule, Replacement } from "../../rule.ts";
import { added, type Gathered, gathered, keyOf, type Term, termsOf } from "../../terms.ts";
import { isLessWork } from "../../worth.ts";

const FULL: Shape = [4, 3];
const COLUMN: Shape = [3];

export const likeTerms: AlgebraRule = {
  name: "like terms",
  statement: "a x + b x = (a + b) x,  x + x = 2 x,  x - x = 0, where that is less work",
  because: "products distribute over sums, but for rounding; x is finite",
  values: "rounding",
  derivatives: "rounding",
  ops: [Add, Sub],
  rewrite(at) {
    const { node } = at;
    if (sizeOf(node.shape) === 0) return null;
    const { terms, inside } = termsOf(at);
    const groups = new Map<string, Term[]>();
    for (const term of terms) {
      const key = keyOf(term.large);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [term]);
      else group.push(term);
    }
    if (groups.size === terms.length) return null;
    const parts: Gathered[] = [];
    for (const group of groups.values()) {
      const [{ id: alone, sign }] = group as [Term];
      const part = group.length === 1 ? { sign, part: alone } : gathered(at, group);
      // What is added and taken away again may be there for its rounding: near = x - c; near - (m - c).
      if (part === null && terms.length > 2) return null;
      if (part !== null) parts.push(part);
    }
    if (parts.length === 0) return zerosOf(node);
    const { sign, part } = added(parts);
    const whole = between(at, part, node.shape);
    const better: Replacement = sign === 1 ? whole : { op: Neg, parents: [whole] };
    return isDoubled(at.parents) || isLessWork(at, better, inside) ? better : null;
  },
  laws: [
    {
      before: (x, a, b) => add(mul(x!, a!), mul(x!, b!)),
      after: (x, a, b) => mul(x!, add(a!, b!)),
      inputs: [FULL, COLUMN, COLUMN],
    },
    {
      before: (x, a, b) => sub(add(x!, a!), b!),
      after: (x, a, b) => add(x!, sub(a!, b!)),
      inputs: [FULL, COLUMN, COLUMN],
    },
    { before: (x) => add(x!, x!), after: (x) => mul(x!, 2), inputs: 1 },
    { before: (x) => sub(mul(x!, 3), mul(x!, 2)), after: (x) => x!, inputs: 1 },
  ],
};

/** x + x costs what 2 x does, but only a product goes on into other products. */
function isDoubled([a, b]: readonly number[]): boolean {
  return a === b;
}
