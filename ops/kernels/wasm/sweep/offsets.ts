/** Where a walk is: one variable for all that moves alike, and constants for the rest. */
import { type Address, type Body, i32, type Local } from "../encoder/index.ts";
import { type Place, WIDTH } from "./lanes.ts";
import type { Access } from "./sweep.ts";

/** Places that move by the same numbers of bytes along every axis. */
interface Course {
  readonly bytes: readonly number[];
  /** How far they have moved by now; null if they never do. */
  readonly moved: Local<"i32"> | null;
  /** Whether that can be below zero, so that it cannot be an address before a constant is added. */
  readonly goesBack: boolean;
}

export class Offsets {
  readonly #body: Body;
  readonly #courses = new Map<string, Course>();

  constructor(body: Body) {
    this.#body = body;
  }

  /** Have a variable for each course. All are known before the walk begins. */
  follow(accesses: readonly Access[]): void {
    for (const access of accesses) this.#courseOf(access);
  }

  /** All that moves along an axis moves on by so many steps. */
  advance(axis: number, steps: number): void {
    for (const { bytes, moved } of this.#courses.values()) {
      const by = (bytes[axis] ?? 0) * steps;
      if (by !== 0) this.#body.set(moved!, i32.add(moved!, i32.const(by)));
    }
  }

  /**
   * Where an access is now.
   *
   * @param lane the axis along which lanes lie; null where there is but one
   * @param steps how far further it is, along some axes
   */
  place(access: Access, lane: number | null, steps: readonly (readonly [axis: number, by: number])[]): Place {
    const { bytes, moved, goesBack } = this.#courseOf(access);
    const { buffer, start, strides } = access;
    const stride = lane === null ? 1 : strides[lane]!;
    const further = steps.reduce((sum, [axis, by]) => sum + bytes[axis]! * by, 0);
    const constant = buffer.address + start * WIDTH[buffer.dtype] + further;
    if (moved === null) return { address: i32.const(0), offset: constant, stride };
    if (!goesBack && constant >= 0) return { address: moved, offset: constant, stride };
    const address: Address = i32.add(moved, i32.const(constant));
    return { address, offset: 0, stride };
  }

  #courseOf({ buffer, strides }: Access): Course {
    const bytes = strides.map((stride) => stride * WIDTH[buffer.dtype]);
    const key = bytes.join();
    let course = this.#courses.get(key);
    if (course === undefined) {
      const isStill = bytes.every((b) => b === 0);
      const moved = isStill ? null : this.#body.keep(i32.const(0));
      course = { bytes, moved, goesBack: bytes.some((b) => b < 0) };
      this.#courses.set(key, course);
    }
    return course;
  }
}
