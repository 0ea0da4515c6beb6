/** From here on every float64 number is an integer. */
const INTEGERS = 2 ** 52;

/** The nearest integer, the even one of two that are equally near; -0.2 goes to -0. */
export function roundToEven(x: number): number {
  const a = Math.abs(x);
  if (!(a < INTEGERS) || a === 0) return x;
  // The sum has no digits left behind the point: the addition itself rounds, to even where it has a choice.
  const rounded = a + INTEGERS - INTEGERS;
  return x < 0 ? -rounded : rounded;
}
