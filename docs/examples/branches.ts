import { exp, grad, greater, named, record, sub, sum } from "wengert";
import type { Tensor } from "wengert";
import { tensor, toText, where } from "wengert";

// elu: x where x is positive, exp(x) - 1 elsewhere.
export const layer = (x: Tensor): Tensor => where(greater(x, 0), x, sub(exp(x), 1));
export const inputs = [named(tensor([-1, 0.5, 800]), "x")] as const;

console.log(toText(record(layer, ...inputs)));

// exp(800) is infinite, but it was not chosen, so nothing of it flows back.
const total = (x: Tensor): Tensor => sum(layer(x));
console.log(String(grad(total)(...inputs)[0]));
