import type { TapeDocument } from "../document.ts";
import type { Moment } from "../moments.ts";
import type { Words } from "./words.ts";

/** What happens at a moment, in a sentence. */
export function sentence({ nodes, seed }: TapeDocument, moment: Moment, words: Words): string {
  const { phase, step, steps } = moment;
  if (phase === "inputs") return words.inputs;
  if (phase === "seed") return words.seed(seed);
  const node = nodes.find(({ id }) => id === moment.at);
  const label = node?.label ?? "";
  if (phase === "forward") return words.forward(step, steps, `${label} = ${node?.text ?? ""}`);
  const receivers = nodes.filter(({ id }) => moment.to.has(id)).map((receiver) => receiver.label);
  return words.backward(step, steps, label, receivers.length === 0 ? words.nothing : receivers.join(", "));
}
