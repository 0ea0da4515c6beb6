/** What looks as if it could be simplified, and cannot: somebody who forgets why will break one of these. */
import {
  abs,
  add,
  div,
  exp,
  log,
  maximum,
  mul,
  pow,
  relu,
  scale,
  sqrt,
  square,
  stopGradient,
  sub,
  type Tensor,
} from "../../src/index.ts";

export const TEMPTATIONS: readonly ((...x: readonly Tensor[]) => Tensor)[] = [
  // Not 0, where x is not finite; and neither is 0/0 a 1.
  (x) => sub(x!, x!),
  (x) => mul(x!, 0),
  (x) => scale(x!, 0),
  (x) => div(x!, add(abs(x!), 1)),
  // Of x = -0 this makes 0.
  (x) => sub(x!, -0),
  (x) => add(x!, 0),
  // Not x: where x < 0, where it overflows, where the derivative is.
  (x) => sqrt(square(x!)),
  (x) => square(sqrt(abs(x!))),
  (x) => log(exp(x!)),
  (x) => exp(log(square(x!))),
  (x) => square(abs(x!)),
  (x) => maximum(x!, x!),
  // Rounded otherwise.
  (x) => div(x!, 3),
  (x) => pow(square(x!), 0.5),
  (x) => mul(mul(x!, 0.1), 0.2),
  (x) => sub(add(x!, 1), 1),
  // x², with a derivative of x.
  (x) => mul(x!, stopGradient(x!)),
  // 0, with a derivative of 1: the kink of what is applied to it.
  (x) => relu(sub(x!, stopGradient(x!))),
  (x) => abs(sub(x!, stopGradient(x!))),
];
