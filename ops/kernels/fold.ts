/**
 * Loops for the reductions that are not sums. Each is written out, because a loop that is handed its combination as
 * a function pays a call for every element. Rows are taken whole where the axis is not the last: memory is read in
 * its order.
 */
import type { ReduceLoop } from "./reduce.ts";
import { isReducedByVectors } from "./wasm/reduce/reduce.ts";
import { isEnough } from "./wasm/worth.ts";

/** The largest; NaN where there is a NaN; -Infinity of nothing. */
export const maxLoop: ReduceLoop = (x, outer, n, inner, y) => {
  if (isEnough(outer * n * inner) && isReducedByVectors("max", x, outer, n, inner, y)) return;
  if (n === 0) y.fill(Number.NEGATIVE_INFINITY);
  for (let o = 0; o < outer && n > 0; o++) {
    const first = o * n * inner;
    const end = first + n * inner;
    if (inner === 1) {
      let most = x[first]!;
      for (let i = first + 1; i < end; i++) most = Math.max(most, x[i]!);
      y[o] = most;
      continue;
    }
    const into = o * inner;
    for (let j = 0; j < inner; j++) y[into + j] = x[first + j]!;
    for (let from = first + inner; from < end; from += inner) {
      for (let j = 0; j < inner; j++) y[into + j] = Math.max(y[into + j]!, x[from + j]!);
    }
  }
};

/** The smallest; NaN where there is a NaN; Infinity of nothing. */
export const minLoop: ReduceLoop = (x, outer, n, inner, y) => {
  if (isEnough(outer * n * inner) && isReducedByVectors("min", x, outer, n, inner, y)) return;
  if (n === 0) y.fill(Number.POSITIVE_INFINITY);
  for (let o = 0; o < outer && n > 0; o++) {
    const first = o * n * inner;
    const end = first + n * inner;
    if (inner === 1) {
      let least = x[first]!;
      for (let i = first + 1; i < end; i++) least = Math.min(least, x[i]!);
      y[o] = least;
      continue;
    }
    const into = o * inner;
    for (let j = 0; j < inner; j++) y[into + j] = x[first + j]!;
    for (let from = first + inner; from < end; from += inner) {
      for (let j = 0; j < inner; j++) y[into + j] = Math.min(y[into + j]!, x[from + j]!);
    }
  }
};

/** The product; 1 of nothing. */
export const prodLoop: ReduceLoop = (x, outer, n, inner, y) => {
  y.fill(1);
  for (let o = 0; o < outer; o++) {
    const into = o * inner;
    const end = (o + 1) * n * inner;
    if (inner === 1) {
      let product = 1;
      for (let i = o * n; i < end; i++) product *= x[i]!;
      y[o] = product;
      continue;
    }
    for (let from = o * n * inner; from < end; from += inner) {
      for (let j = 0; j < inner; j++) y[into + j] = y[into + j]! * x[from + j]!;
    }
  }
};

/** The product modulo 2^32, which a product rounded to 53 bits would miss. */
export const prodInt32Loop: ReduceLoop = (x, outer, n, inner, y) => {
  y.fill(1);
  for (let o = 0; o < outer; o++) {
    const into = o * inner;
    const end = (o + 1) * n * inner;
    for (let from = o * n * inner; from < end; from += inner) {
      for (let j = 0; j < inner; j++) y[into + j] = Math.imul(y[into + j]!, x[from + j]!);
    }
  }
};

/** Whether one is not 0 (NaN is not); no of nothing. */
export const anyLoop: ReduceLoop = (x, outer, n, inner, y) => {
  for (let o = 0; o < outer; o++) {
    const end = (o + 1) * n * inner;
    for (let from = o * n * inner; from < end; from += inner) {
      if (inner === 1 && y[o] !== 0) break;
      for (let j = 0; j < inner; j++) if (x[from + j] !== 0) y[o * inner + j] = 1;
    }
  }
};

/** Whether none is 0 (NaN is not); yes of nothing. */
export const allLoop: ReduceLoop = (x, outer, n, inner, y) => {
  y.fill(1);
  for (let o = 0; o < outer; o++) {
    const end = (o + 1) * n * inner;
    for (let from = o * n * inner; from < end; from += inner) {
      for (let j = 0; j < inner; j++) if (x[from + j] === 0) y[o * inner + j] = 0;
    }
  }
};
