import { certify, exp, grad, logSoftmax, mean, mul, named } from "wengert";
import { neg, oneHot, pow, record, sub, sum, type Tensor } from "wengert";
import { tensor, toText } from "wengert";

const labels = tensor([0, 2, 1], { dtype: "int32" });
const focus = 2;

export const layer = (scores: Tensor): Tensor => {
  const chosen = oneHot(labels, 3);
  const logP = named(sum(mul(chosen, logSoftmax(scores)), -1), "logP");
  const p = named(exp(logP), "p");
  return neg(mean(mul(pow(sub(1, p), focus), logP)));
};

const scores = tensor([[4, 0, -1], [0.5, 0.2, 0.1], [-1, 2, 3]]);
export const inputs = [named(scores, "scores")] as const;

console.log(toText(record(layer, ...inputs)));
console.log(String(grad(layer)(...inputs)[0]));
console.log(String(certify(layer, ...inputs)));
