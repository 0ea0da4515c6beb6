/** When eager kernels go by vectors. */
import { isSimdAvailable } from "./engine.ts";

/**
 * From so many elements on, vectors beat a loop in JavaScript, copies into the window and out of it included: at 1,000
 * the two take about as long, at 10,000 a loop takes 1.5 to 4 times as long.
 */
const ENOUGH = 2048;

/**
 * So many elements, over all calls, make a kernel worth compiling: that takes some 0.3 ms, which is about what loops in
 * JavaScript lose on them. So no more than twice the least possible is ever lost.
 */
const COMPILED = 65536;

let enough = ENOUGH;
let compiledFrom = COMPILED;

/** For tests: vectors for everything, from the first call on (true), or again where they are worth it (null). */
export function setAlwaysVectors(value: true | null): void {
  enough = value === null ? ENOUGH : 0;
  compiledFrom = value === null ? COMPILED : 0;
}

/** Whether so many elements are enough. */
export function isEnough(elements: number): boolean {
  return elements >= enough;
}

/** Counts what a kernel is asked for. */
export class Demand {
  #elements = 0;

  /** Whether it is worth compiling, now that so many elements more are asked for, and can be. */
  grows(elements: number): boolean {
    this.#elements += elements;
    return this.#elements >= compiledFrom && isSimdAvailable();
  }
}
