import { certify, matmul, mul, named, random, record } from "wengert";
import { sigmoid, type Tensor, toText } from "wengert";

export const layer = (x: Tensor, gate: Tensor, value: Tensor): Tensor => {
  const z = named(matmul(x, gate), "z");
  const swish = named(mul(z, sigmoid(z)), "swish");
  return mul(swish, matmul(x, value));
};

const source = random(7);
export const inputs = [
  named(source.normal([2, 3]), "x"),
  named(source.normal([3, 4]), "gate"),
  named(source.normal([3, 4]), "value"),
] as const;

console.log(toText(record(layer, ...inputs)));
console.log(String(certify(layer, ...inputs)));
