/**
 * `import "wengert/fluent"` makes methods of the ops: `x.sub(mu).square().mean(0)` for
 * `mean(square(sub(x, mu)), 0)`.
 *
 * A method is the function of the same name with the tensor as its first argument, and nothing more.
 */
import { Tensor } from "../../graph/index.ts";
import * as ops from "../../ops/index.ts";
import { METHODS, type MethodName } from "./methods.ts";

/** A function as a method of its first argument. */
type Method<F> = F extends (x: never, ...rest: infer Rest) => infer Y ? (...rest: Rest) => Y : never;

/** The methods that tensors gain. */
export type Fluent = { readonly [Name in MethodName]: Method<(typeof ops)[Name]> };

declare module "../../graph/tensor.ts" {
  interface Tensor extends Fluent {}
}

const functions: Pick<typeof ops, MethodName> = ops;

// Importing twice (two bundles, a reloaded page) defines the same again.
for (const name of METHODS) {
  const f: (x: never, ...rest: never[]) => unknown = functions[name];
  Object.defineProperty(Tensor.prototype, name, {
    value(this: never, ...rest: never[]): unknown {
      return f(this, ...rest);
    },
    configurable: true,
    writable: true,
  });
}
