import {
  add,
  certify,
  div,
  matmul,
  mean,
  mul,
  named,
  random,
  record,
  sqrt,
  square,
  sub,
  type Tensor,
  toText,
} from "wengert";

// Qiao et al. 2019: it is the weights that are normalised, a column (an output) at a time, not the activations.
export const layer = (x: Tensor, weights: Tensor, gain: Tensor, bias: Tensor): Tensor => {
  const centred = sub(weights, mean(weights, 0));
  const standardized = named(div(centred, sqrt(add(mean(square(centred), 0), 1e-5))), "standardized");
  return add(matmul(x, mul(gain, standardized)), bias);
};

const source = random(3);
export const inputs = [
  named(source.normal([4, 5]), "x"),
  named(source.normal([5, 3]), "weights"),
  named(source.normal([3]), "gain"),
  named(source.normal([3]), "bias"),
] as const;

console.log(toText(record(layer, ...inputs)));
console.log(String(certify(layer, ...inputs)));
