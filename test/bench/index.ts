/** `npm run bench`: ourselves, eager, compiled and fused, beside loops by hand. */
import { bench } from "./command.ts";
import { certifyMilliseconds } from "./own/certify.ts";
import { SYSTEMS } from "./systems.ts";

const own = Object.keys(SYSTEMS).filter((name) => SYSTEMS[name]!.isOwn);
if (!(await bench("bench", own))) process.exitCode = 1;
if (process.argv.length === 2) {
  console.log(`\ncertify(batchNorm) at (64, 32): ${certifyMilliseconds().toFixed(0)} ms`);
}
