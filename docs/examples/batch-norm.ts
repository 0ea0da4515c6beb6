import { add, div, grad, mean, mul, named, record, sqrt } from "wengert";
import { square, sub, sum, type Tensor, tensor, toText } from "wengert";

export const layer = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor => {
  const centred = named(sub(x, mean(x, 0)), "centred");
  const variance = named(mean(square(centred), 0), "variance");
  const xHat = named(div(centred, sqrt(add(variance, 1e-5))), "xHat");
  return named(add(mul(gamma, xHat), beta), "y");
};

export const inputs = [
  named(tensor([[1, 2], [3, 5], [8, 4]]), "x"),
  named(tensor([2, -1]), "gamma"),
  named(tensor([0.5, 3]), "beta"),
] as const;

console.log(toText(record(layer, ...inputs)));

// A loss that weighs the outputs, so that something flows back.
const w = tensor([[1, 0], [0, 2], [-1, 1]]);
const loss = (...x: [Tensor, Tensor, Tensor]): Tensor => sum(mul(w, layer(...x)));
const [xBar, gammaBar, betaBar] = grad(loss)(...inputs);
console.log(`dL/dx = ${xBar}`);
console.log(`dL/dgamma = ${gammaBar}\ndL/dbeta = ${betaBar}`);
