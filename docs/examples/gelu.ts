import { add, certify, div, erf, mul, named, record } from "wengert";
import { type Tensor, tensor, toText } from "wengert";

export const layer = (x: Tensor): Tensor =>
  mul(mul(x, 0.5), add(erf(div(x, Math.SQRT2)), 1));

export const inputs = [named(tensor([-3, -0.75, 0, 0.5, 2]), "x")] as const;

console.log(toText(record(layer, ...inputs)));
console.log(String(layer(...inputs)));
console.log(String(certify(layer, ...inputs)));
