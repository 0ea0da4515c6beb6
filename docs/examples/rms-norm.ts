import { add, certify, div, mean, mul, named, record, sqrt } from "wengert";
import { square, type Tensor, tensor, toText } from "wengert";

export const layer = (x: Tensor, gain: Tensor): Tensor => {
  const power = mean(square(x), -1, { keepDims: true });
  const rms = named(sqrt(add(power, 1e-6)), "rms");
  return mul(gain, div(x, rms));
};

export const inputs = [
  named(tensor([[1, -2, 3, 0.5], [0.2, 0.1, -0.4, 0.3]]), "x"),
  named(tensor([1, 0.5, 2, -1]), "gain"),
] as const;

console.log(toText(record(layer, ...inputs)));
console.log(String(certify(layer, ...inputs)));
