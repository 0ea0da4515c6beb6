import { grad, mul, named, record, sin, type Tensor, tensor } from "wengert";
import { toText } from "wengert";

export const layer = (x: Tensor): Tensor => mul(x, sin(x));
export const inputs = [named(tensor(2), "x")] as const;

console.log(toText(record(layer, ...inputs)));

const [slope] = grad(layer)(...inputs);
console.log(`slope at 2: ${slope.data[0]}`);
console.log(`on paper:   ${Math.sin(2) + 2 * Math.cos(2)}`);
