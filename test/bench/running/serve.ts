/** The process of one system: `node serve.js NAME` reads requests from standard input, and answers on standard output. */
import { Console } from "node:console";
import { createInterface } from "node:readline";
import { loadSystem } from "../systems.ts";
import { readInputs, writeResults } from "./inputs.ts";
import { type Prepared, type System, Unsupported } from "./prepared.ts";
import { sampled } from "./sampler.ts";
import { type Answer, MARK, type Request } from "./task.ts";

// What libraries print is not for the bench.
globalThis.console = new Console(process.stderr, process.stderr);

const name = process.argv[2] ?? "";
let system: System | null = null;
let prepared: Prepared | null = null;

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${MARK}${JSON.stringify(await answered(line))}\n`);
}

async function answered(line: string): Promise<Answer> {
  try {
    const request: Request = JSON.parse(line);
    system ??= await loadSystem(name);
    return await answer(request, system);
  } catch (error) {
    const kind = error instanceof Unsupported ? "unsupported" : "failed";
    return { ok: false, kind, why: error instanceof Error ? error.message : String(error) };
  }
}

async function answer(request: Request, system: System): Promise<Answer> {
  switch (request.do) {
    case "hello":
      return { ok: true, versions: system.versions };
    case "prepare": {
      prepared = null;
      const next = await system.prepare(readInputs(request.task));
      const { firstMs, results } = await next.check();
      prepared = next;
      return { ok: true, firstMs, results: writeResults(results, request.task.results) };
    }
    case "run":
      if (prepared === null) throw new Error("nothing is prepared");
      return { ok: true, samples: await sampled(prepared.run, system.isAsync, request.seconds) };
    case "free":
      prepared = null;
      return { ok: true, megabytes: process.resourceUsage().maxRSS / 1024 };
  }
}
