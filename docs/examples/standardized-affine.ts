import { add, certify, div, matmul, mean, mul, named, random } from "wengert";
import { record, sqrt, square, sub, type Tensor, toText } from "wengert";

export const layer = (x: Tensor, w: Tensor, gain: Tensor, bias: Tensor): Tensor => {
  const centred = sub(w, mean(w, 0));
  const spread = sqrt(add(mean(square(centred), 0), 1e-5));
  const standardized = named(div(centred, spread), "standardized");
  return add(matmul(x, mul(gain, standardized)), bias);
};

const source = random(3);
export const inputs = [
  named(source.normal([4, 5]), "x"),
  named(source.normal([5, 3]), "w"),
  named(source.normal([3]), "gain"),
  named(source.normal([3]), "bias"),
] as const;

console.log(toText(record(layer, ...inputs)));
console.log(String(certify(layer, ...inputs)));
