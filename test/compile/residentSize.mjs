// Compiled functions over thousands of synchronous steps: nothing waits for an event loop to come round. Run with
// --expose-gc on what was built; prints JSON.

import { sharedArena } from "../../dist/src/compile/arena.js";
import { add, compile, grad, matmul, mean, mul, random, relu, square, sub } from "../../dist/src/index.js";

const [early, late] = [2000, 10_000];
const from = random(1);
const x = from.normal([32, 64]);
const target = from.normal([32, 16]);
const loss = (p) => mean(square(sub(add(matmul(relu(matmul(x, p.W1)), p.W2), p.b), target)));
const step = (p, rate) => {
  const [g] = grad(loss)(p);
  return {
    W1: sub(p.W1, mul(g.W1, rate)),
    W2: sub(p.W2, mul(g.W2, rate)),
    b: sub(p.b, mul(g.b, rate)),
  };
};
const first = () => ({
  W1: mul(from.normal([64, 48]), 0.1),
  W2: mul(from.normal([48, 16]), 0.1),
  b: mul(from.normal([16]), 0),
});

/** What cannot be collected, and what the process has. */
function alive() {
  for (let k = 0; k < 3; k++) globalThis.gc();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, used: heapUsed + arrayBuffers };
}

function sizes(options) {
  const compiled = compile(step, options);
  let p = first();
  const found = {};
  for (let k = 1; k <= late; k++) {
    p = compiled(p, 0.01);
    if (k === early || k === late) found[k] = alive();
  }
  return { early: found[early], late: found[late], bytes: compiled.stats().bytes, loss: loss(p).item() };
}

/** Functions that are made, called and forgotten. */
async function forgotten() {
  const used = [];
  for (let round = 0; round < 6; round++) {
    for (let k = 0; k < 20; k++) compile((t) => add(mul(t, k), 1))(from.normal([1000]));
    const most = sharedArena().used;
    for (let k = 0; k < 3; k++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    used.push([most, sharedArena().used]);
  }
  return used;
}

const kept = sizes({});
const donated = sizes({ donate: [0] });
console.log(JSON.stringify({ kept, donated, forgotten: await forgotten() }));
