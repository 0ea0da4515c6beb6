/** Trains, away from the page, at a pace that can be followed. */
import type { FromTrainer, ToTrainer } from "./messages.ts";
import { type Race, type RaceStep, raceAt } from "./race.ts";

const worker = globalThis as typeof globalThis & { postMessage(message: FromTrainer): void };

/** Two steps a turn, and some rest: all of it takes a few seconds on a fast machine, and not much longer on a slow one. */
const STEPS = 2;
const REST = 24;

let race: Race | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

worker.addEventListener("message", (event: MessageEvent<ToTrainer>) => {
  clearTimeout(timer);
  const { data } = event;
  if (data.kind === "pause") return;
  const begun = data.kind === "start" ? raceAt(data.scale) : Promise.resolve(race);
  begun
    .then((made) => {
      race = made;
      turn();
    })
    .catch((error: unknown) => worker.postMessage({ kind: "error", message: String(error) }));
});

function turn(): void {
  const steps: RaceStep[] = [];
  for (let k = 0; k < STEPS; k++) {
    const step = race?.step() ?? null;
    if (step !== null) steps.push(step);
  }
  if (steps.length > 0) worker.postMessage({ kind: "steps", steps });
  if (steps.length < STEPS) worker.postMessage({ kind: "done" });
  else timer = setTimeout(turn, REST);
}
