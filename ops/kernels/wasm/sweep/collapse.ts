/** Fewer axes for the same walk. */
import { type Access, accessesOf, rootsOf, type Sweep, type Term, termsOf } from "./sweep.ts";

/**
 * The same sweep, where neighbouring axes through which everything moves alike are one axis.
 *
 * @param kept how many of the first axes stay as they are
 */
export function collapsed(sweep: Sweep, kept = 0): Sweep {
  const { sizes } = sweep;
  const accesses = accessesOf(sweep);
  /** For each new axis, the last of the old ones that it is made of. */
  const last: number[] = [];
  const merged: number[] = [];
  sizes.forEach((size, k) => {
    const goesOn = k > kept && accesses.every(({ strides }) => strides[k - 1] === strides[k]! * size);
    if (goesOn && last.length > 0) {
      merged[merged.length - 1]! *= size;
      last[last.length - 1] = k;
    } else {
      merged.push(size);
      last.push(k);
    }
  });
  if (merged.length === sizes.length) return sweep;
  const moved = new Map<Access, Access>();
  for (const access of accesses) {
    moved.set(access, { ...access, strides: last.map((k) => access.strides[k]!) });
  }
  return replaced(sweep, merged, (access) => moved.get(access)!);
}

/** The sweep over other sizes, each place changed. */
function replaced(sweep: Sweep, sizes: readonly number[], place: (access: Access) => Access): Sweep {
  const made = new Map<Term, Term>();
  const again = (term: Term): Term => made.get(term)!;
  for (const term of termsOf(rootsOf(sweep))) made.set(term, rebuilt(term, again, place));
  return {
    sizes,
    stores: sweep.stores.map(({ term, to }) => ({ term: again(term), to: place(to) })),
    folds: sweep.folds.map((fold) => ({ ...fold, term: again(fold.term), to: place(fold.to) })),
  };
}

function rebuilt(term: Term, again: (term: Term) => Term, place: (access: Access) => Access): Term {
  if (term.kind === "load") return { ...term, access: place(term.access) };
  if (term.kind === "convert") return { ...term, of: again(term.of) };
  if (term.kind === "call") return { ...term, args: term.args.map(again) };
  if (term.kind === "constant") return term;
  const [c, a, b] = term.args;
  return { ...term, args: [again(c), again(a), again(b)] };
}
