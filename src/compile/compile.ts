import { abstractly, abstractTensor } from "../../graph/abstract.ts";
import { seen } from "../../graph/bind.ts";
import { ArgumentError, describe, expandReferences, programOf, type Tensor } from "../../graph/index.ts";
import { checkedFunction, checkedOptions, NONE } from "../../graph/options.ts";
import { isTracing } from "../../graph/trace.ts";
import { isSimdAvailable } from "../../ops/kernels/wasm/engine.ts";
import { namedByKeys } from "../transforms/namedByKeys.ts";
import { run } from "../transforms/run.ts";
import { type AllLoose, type AllTraced, type Flat, flatten } from "../tree.ts";
import { sharedArena } from "./arena.ts";
import { Executable } from "./executable.ts";
import { explained } from "./explain.ts";
import { lower } from "./lower/lower.ts";
import { ALGEBRA_RULES, REASSOCIATION_RULES, type Simplification, simplify } from "./simplify/index.ts";
import { type CompileStats, Counts } from "./stats.ts";
import { gather, type Template, templateOf } from "./template.ts";

export interface CompileOptions {
  /**
   * Whether sums may be taken in another order, and factors out of them, where that saves work (true unless said
   * otherwise). The difference is one of rounding.
   */
  readonly reassociate?: boolean;
  /**
   * Which arguments, by place, may be written over: parameters and optimiser state of a training step, whose old values
   * nobody wants after it. Results of the same shapes and dtypes take their place, in order, and stay in memory between
   * calls; reading an old one that was itself such a result is an error then. None, unless said otherwise.
   */
  readonly donate?: readonly number[];
}

/** A function that is compiled when it is first called with arguments of a kind. */
export interface Compiled<X extends readonly unknown[], Y> {
  (...x: X): Y;
  /** How often it was traced, and why; what it is made of; what could not be compiled. */
  stats(): CompileStats;
  /** What is computed in which loop, for the arguments that it was last called with. */
  explain(): string;
}

/** What there is for arguments of one kind. */
export interface Entry {
  readonly template: Template;
  readonly simplification: Simplification;
  readonly executable: Executable;
  readonly result: Flat<unknown>;
}

/**
 * f, as fast as a loop written by hand for it.
 *
 * At the first call with arguments of a kind (a tree with these keys, leaves of these shapes and dtypes) f is run on
 * tensors without numbers, to see what it does; that program is simplified, its ops are fused into few loops, and
 * those are compiled to WebAssembly. From then on calls with such arguments run the loops. The function that results
 * takes what f takes and gives what f gives, up to rounding.
 *
 * - f may do as it likes with shapes; choosing by numbers is an error that names the line.
 * - What f reads from outside (a tensor it closes over) is a constant from then on: see `stats().constants`.
 * - Called inside `grad` and the like on what is traced, or for the first time, it is f itself: a derivative may be
 *   wanted of it, also with respect to what it closes over. `compile(grad(f))` is the fast way round.
 * - Where there is no WebAssembly with 128-bit vectors, f itself is called; a warning says so, once.
 *
 * @throws ArgumentError where f is no function, or its arguments or results are no trees of tensors
 * @throws TraceError, at the first call, where f looks at numbers
 * @throws MemoryError, at the first call, where there is no memory for what it needs
 */
export function compile<X extends readonly unknown[], Y>(
  f: (...x: AllTraced<X>) => Y,
  options: CompileOptions = NONE,
): Compiled<X, Y> {
  checkedFunction("compile", "f", f);
  const { reassociate = true, donate = [] } = checkedOptions("compile", options, ["reassociate", "donate"]);
  if (!Array.isArray(donate) || !donate.every((k) => Number.isInteger(k) && k >= 0)) {
    throw new ArgumentError("compile", "donate to be places of arguments, in an array", describe(donate));
  }
  if (typeof reassociate !== "boolean") {
    throw new ArgumentError("compile", "reassociate to be true or false", describe(reassociate));
  }
  const tensors = (x: X): AllTraced<X> => {
    const { leaves, rebuild } = flatten<AllTraced<X>>("compile", "input ", x);
    return rebuild(leaves);
  };
  const entries: Entry[] = [];
  const counts = new Counts(f.name);
  let latest: Entry | null = null;

  /** Made now, if need be; null where it is not there and some tape is open. */
  const entryFor = (x: X): { readonly entry: Entry; readonly leaves: Tensor[] } | null => {
    for (const entry of entries) {
      const leaves: Tensor[] = [];
      if (gather(entry.template, x, leaves)) return { entry, leaves };
    }
    if (isTracing()) return null;
    const { leaves } = flatten("compile", "input ", x);
    const entry = compiled<X, Y>(f, x, reassociate, donate);
    counts.traced(entry, latest);
    entries.push(entry);
    return { entry, leaves: [...leaves] };
  };

  const call = (...x: X): Y => {
    if (!isSimdAvailable()) {
      counts.withoutVectors();
      return f(...tensors(x));
    }
    let leaves: Tensor[] = [];
    let entry = latest;
    if (entry === null || !gather(entry.template, x, leaves)) {
      const found = entryFor(x);
      // What f closes over may be on a tape: as a constant it would be cut off from it.
      if (found === null) return f(...tensors(x));
      ({ entry, leaves } = found);
    }
    // On a tape it is f that is recorded: a derivative is wanted of it.
    if (leaves.some((leaf) => seen(leaf).place !== null)) return f(...tensors(x));
    latest = entry;
    counts.calls++;
    return entry.result.rebuild(entry.executable.run(leaves)) as Y;
  };
  return Object.assign(call, {
    stats: () => counts.stats(entries),
    explain: () => (latest === null ? "not compiled yet: call it first\n" : explained(latest)),
  });
}

function compiled<X extends readonly unknown[], Y>(
  f: (...x: AllTraced<X>) => Y,
  x: X,
  reassociate: boolean,
  donate: readonly number[],
): Entry {
  const flat = flatten<AllLoose<X>>("compile", "input ", x);
  const unknown = namedByKeys(flat).map(({ shape, dtype, name }) => abstractTensor(shape, dtype, name));
  const traced = abstractly(() => run<X, Y>("compile", f, flat.rebuild(unknown), false));
  const program = expandReferences(programOf(traced.tape)).after;
  const rules = reassociate ? [...ALGEBRA_RULES, ...REASSOCIATION_RULES] : ALGEBRA_RULES;
  const simplification = simplify(program, { rules });
  /** For each leaf, which argument it is in. */
  const argumentOf = x.flatMap((tree, k) => flatten("compile", `input ${k}`, tree).leaves.map(() => k));
  const donated = new Set([...argumentOf.keys()].filter((leaf) => donate.includes(argumentOf[leaf]!)));
  const executable = new Executable("compile", lower(simplification.after, donated), donated, sharedArena());
  return { template: templateOf(x), simplification, executable, result: traced.y };
}
