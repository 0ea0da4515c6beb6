// Counts what is alive after work that should leave nothing behind, all of it in one synchronous stretch: nothing waits
// for an event loop to come round. Run with --expose-gc on what was built; prints JSON.
import { queryObjects } from "node:v8";
import {
  add,
  grad,
  maximum,
  mul,
  random,
  relu,
  sub,
  sum,
  Tensor,
  tensor,
  valueAndGrad,
} from "../../dist/src/index.js";
import { writeTree } from "../../dist/src/io/index.js";
import { momentum } from "../../dist/src/optim/index.js";

const { epochs, samples, saves, steps, calls } = JSON.parse(process.argv[2]);
const float32 = { dtype: "float32" };

/**
 * What can be reached now, and how much memory it takes. One collection is not enough: what code still being optimised
 * holds on to is let go later, and arrays are freed after what held them. So until two counts in a row are the same.
 */
function alive() {
  for (let before = -1; ; ) {
    globalThis.gc();
    globalThis.gc();
    const tensors = queryObjects(Tensor);
    if (tensors === before) {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return { tensors, bytes: heapUsed + arrayBuffers };
    }
    before = tensors;
  }
}

/** What is alive after each of these many times that the work was done. Counting costs more than the work does. */
function after(times, work) {
  const counted = [];
  for (let k = 1; k <= times.at(-1); k++) {
    work();
    if (times.includes(k)) counted.push(alive());
  }
  return counted;
}

/** Mean squared error of a linear layer, one sample at a time; gradients added up by hand. */
function accumulating() {
  const from = random(1);
  let params = { w: from.normal([3], float32), b: tensor(0, float32) };
  const data = Array.from({ length: samples }, () => from.normal([3], float32));
  const loss = (p, x) => {
    const error = sub(add(sum(mul(p.w, x)), p.b), 1);
    return mul(error, error);
  };
  return after([1, 2, epochs], () => {
    let total = null;
    for (const x of data) {
      const [g] = grad((p) => loss(p, x))(params);
      total = total === null ? g : { w: add(total.w, g.w), b: add(total.b, g.b) };
    }
    params = { w: sub(params.w, mul(total.w, 0.01)), b: sub(params.b, mul(total.b, 0.01)) };
  });
}

function optimised(optimiser, params, state) {
  const [g] = grad((p) => sum(mul(p.w, p.w)))(params);
  return optimiser.update(params, g, state);
}

function discarding() {
  const params = { w: random(2).normal([64], float32) };
  return after([1, 3], () => {
    const optimiser = momentum({ learningRate: 0.001, velocityDecay: 0.9 });
    let at = { params, state: optimiser.init(params) };
    for (let k = 0; k < 3; k++) at = optimised(optimiser, at.params, at.state);
  });
}

function saving() {
  const optimiser = momentum({ learningRate: 0.001 });
  const first = { w: random(3).normal([64], float32) };
  const at = optimised(optimiser, first, optimiser.init(first));
  return after([1, saves], () => writeTree(at));
}

function clipping() {
  const x = tensor([1, -1, 0], float32);
  let w = tensor([0.5, 0.5, 0.5], float32);
  return after([1, steps], () => {
    const [g] = grad((v) => sum(maximum(mul(x, v), 0)))(w);
    w = sub(w, mul(g, 0.01));
  });
}

function calling() {
  const from = random(4);
  const x = from.normal([8, 32]);
  let params = { W: from.normal([32]), b: from.normal([32]) };
  const loss = (p) => sum(relu(add(mul(x, p.W), p.b)));
  const once = () => {
    const [, [g]] = valueAndGrad(loss)(params);
    params = { W: sub(params.W, mul(g.W, 1e-6)), b: sub(params.b, mul(g.b, 1e-6)) };
  };
  return after([calls / 10, calls], once);
}

// Counted for the second time: there is what the library makes once and keeps, and what the engine learns.
const work = { accumulating, discarding, saving, clipping, calling };
for (const run of [accumulating, discarding, saving, clipping]) run();
console.log(JSON.stringify(Object.fromEntries(Object.entries(work).map(([name, run]) => [name, run()]))));
