/** What is walked together, and in which order everything is done. */
import { type Shape, sizeOf, stridesOf } from "../../../graph/index.ts";
import { canShare, type Nest, withRunning } from "../../../ops/kernels/wasm/sweep/code.ts";
import {
  type Access,
  accessesOf,
  type Buffer,
  type Fold,
  loadsOf,
  type Store,
  type Sweep,
} from "../../../ops/kernels/wasm/sweep/sweep.ts";
import { Formulas } from "./formulas.ts";
import { onDomain } from "./place.ts";
import type { Item, Plan } from "./plan.ts";

/** One thing that is done: sweeps walked together, a product, or an op's own kernel. */
export type Step =
  | { readonly kind: "sweeps"; readonly nest: Nest; readonly ids: readonly number[] }
  | { readonly kind: "product"; readonly id: number }
  | { readonly kind: "kernel"; readonly id: number };

export interface Schedule {
  readonly steps: readonly Step[];
  /** Nodes that more than one sweep computes for itself. */
  readonly shared: ReadonlySet<number>;
}

/** A sweep that is being made up, of items over one domain. */
interface Group {
  readonly items: readonly Item[];
  readonly domain: Shape;
}

export function schedule(
  plan: Plan,
  bufferOf: (id: number) => Buffer,
  running: (size: number) => Buffer,
): Schedule {
  const pending = new Map(plan.items().map((item) => [item.id, item]));
  const done = (id: number): boolean => !pending.has(id);
  const steps: Step[] = [];
  const times = new Map<number, number>();
  while (pending.size > 0) {
    const first = nextOf(pending, done);
    if (first.kind === "product" || first.kind === "kernel") {
      steps.push({ kind: first.kind, id: first.id });
      pending.delete(first.id);
      continue;
    }
    const group = grown(first, pending, done, plan);
    const { sweep, computed } = sweepOf(group, plan, bufferOf);
    for (const id of computed) times.set(id, (times.get(id) ?? 0) + 1);
    for (const { id } of group.items) pending.delete(id);
    steps.push({ kind: "sweeps", nest: [sweep], ids: group.items.map(({ id }) => id) });
  }
  const shared = new Set([...times].filter(([id, n]) => n > 1 && !plan.isInMemory(id)).map(([id]) => id));
  return { steps: nested(steps, running), shared };
}

/** The first item that waits for nothing: kernels and products before sweeps, which may grow in the meantime. */
function nextOf(pending: ReadonlyMap<number, Item>, done: (id: number) => boolean): Item {
  let sweep: Item | null = null;
  for (const item of pending.values()) {
    if (![...item.reads.keys()].every(done)) continue;
    if (item.kind === "product" || item.kind === "kernel") return item;
    sweep ??= item;
  }
  return sweep!;
}

/** Everything over the same domain that can be done in the same walk. */
function grown(
  first: Item,
  pending: ReadonlyMap<number, Item>,
  done: (id: number) => boolean,
  plan: Plan,
): Group {
  const key = domainKey(first.domain);
  const items: Item[] = [];
  const stores = new Set<number>();
  const folds: Access[] = [];
  for (const item of pending.values()) {
    if (item.kind === "product" || item.kind === "kernel" || domainKey(item.domain) !== key) continue;
    const isReady = [...item.reads].every(([id, isHere]) => done(id) || (isHere && stores.has(id)));
    if (!isReady) continue;
    if (item.kind === "fold") {
      const to = foldAccess(item.id, plan, NOWHERE);
      if (folds.some((other) => !canShare(other, to))) continue;
      folds.push(to);
    } else stores.add(item.id);
    items.push(item);
  }
  return { items, domain: first.domain };
}

const NOWHERE: Buffer = { dtype: "float64", size: 0, address: 0 };

/** Axes of size one do not count. */
function domainKey(domain: Shape): string {
  return domain.filter((d) => d !== 1).join();
}

/** Where a fold's results go, seen from what is folded. */
function foldAccess(id: number, plan: Plan, buffer: Buffer): Access {
  const part = plan.part(id);
  const { shape } = plan.node(plan.node(id).parents[0]!);
  const axes = part.kind === "fold" ? part.axes : [];
  const kept = stridesOf(shape.map((d, k) => (axes.includes(k) ? 1 : d)));
  const strides = kept.map((stride, k) => (axes.includes(k) ? 0 : stride));
  return { buffer, start: 0, strides: strides.filter((_, k) => shape[k] !== 1) };
}

function sweepOf(
  { items, domain }: Group,
  plan: Plan,
  bufferOf: (id: number) => Buffer,
): { readonly sweep: Sweep; readonly computed: ReadonlySet<number> } {
  const here = new Set(items.filter(({ kind }) => kind === "store").map(({ id }) => id));
  const formulas = new Formulas(plan, bufferOf, domain, here);
  const sizes = domain.filter((d) => d !== 1);
  const stores: Store[] = [];
  const folds: Fold[] = [];
  for (const { id, kind, domain: own } of items) {
    if (kind === "store") {
      const term = formulas.ofStored(id);
      stores.push({ term, to: { buffer: bufferOf(id), start: 0, strides: stridesOf(sizes) } });
      continue;
    }
    const part = plan.part(id);
    if (part.kind !== "fold") continue;
    const parent = plan.node(id).parents[0]!;
    folds.push({
      term: formulas.at(parent, onDomain(own, domain)),
      to: foldAccess(id, plan, bufferOf(id)),
      combine: part.combine,
      divisor: part.divisor,
      running: null,
    });
  }
  return { sweep: { sizes, stores, folds }, computed: formulas.computed };
}

/** Rows of at most so many elements are taken through several sweeps while a cache holds them. */
const LONGEST_ROW = 16384;

/** Neighbouring sweeps, walked together where each row can go through all of them before the next. */
function nested(steps: readonly Step[], running: (size: number) => Buffer): Step[] {
  const result: Step[] = [];
  for (const step of steps) {
    const before = result[result.length - 1];
    if (step.kind === "sweeps" && before?.kind === "sweeps" && areRowByRow([...before.nest, ...step.nest])) {
      result[result.length - 1] = {
        kind: "sweeps",
        nest: [...before.nest, ...step.nest],
        ids: [...before.ids, ...step.ids],
      };
    } else result.push(step);
  }
  return result.map((step) => {
    if (step.kind !== "sweeps") return step;
    const isNested = step.nest.length > 1;
    return { ...step, nest: step.nest.map((sweep) => withRunning(sweep, isNested, running)) };
  });
}

function areRowByRow(nest: Nest): boolean {
  const rows = nest[0]!.sizes[0];
  if (
    rows === undefined ||
    nest.some(({ sizes }) => sizes[0] !== rows || sizeOf(sizes) / rows > LONGEST_ROW)
  ) {
    return false;
  }
  if (nest.some(({ folds }) => folds.some(({ to }) => to.strides[0] === 0))) return false;
  // What is kept between rows is a result only when all rows have been walked.
  const late = nest.flatMap((sweep) =>
    withRunning(sweep, true, () => NOWHERE).folds.flatMap(({ running, to }) =>
      running === null ? [] : [to.buffer],
    ),
  );
  if (nest.some((sweep) => loadsOf(sweep).some(({ buffer }) => late.includes(buffer)))) return false;
  const written = new Map<Buffer, Access>();
  for (const sweep of nest) {
    for (const { to } of [...sweep.stores, ...sweep.folds]) written.set(to.buffer, to);
  }
  // Of what one of them writes, the others see the row that they are at.
  return (
    nest.every((sweep) =>
      accessesOf(sweep).every((access) => {
        const to = written.get(access.buffer);
        return (
          to === undefined || (access.start === 0 && isInRow(access) && access.strides[0] === to.strides[0])
        );
      }),
    ) && nest.every((sweep) => sweep.sizes.length === 1 || isRowReach(sweep))
  );
}

/** Whether a row's elements are all before the next row's. */
function isInRow({ strides }: Access): boolean {
  return strides[0]! > 0 && strides.slice(1).every((stride) => stride >= 0 && stride < strides[0]!);
}

function isRowReach({ sizes, stores, folds }: Sweep): boolean {
  const reach = ({ strides }: Access): boolean =>
    sizes.slice(1).reduce((most, size, k) => most + (size - 1) * strides[k + 1]!, 0) < strides[0]!;
  return [...stores, ...folds].every(({ to }) => reach(to));
}
