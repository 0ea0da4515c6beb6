/** `npm run bench:peers`: ourselves, and whom we are compared with, in one run. */
import { bench } from "./command.ts";
import { installPeers } from "./peers/installed.ts";
import { SYSTEMS } from "./systems.ts";

if (!(await bench("bench:peers", Object.keys(SYSTEMS), installPeers))) process.exitCode = 1;
