import { fileURLToPath } from "node:url";
import { SYSTEMS } from "../systems.ts";
import { Child } from "./child.ts";
import { findPython, pythonCommand } from "./python.ts";

/** A system that is here, in a process of its own: heaps, engines' guesses and failures are not shared. */
export interface Contestant {
  readonly name: string;
  start(): Child;
}

export interface Contestants {
  readonly present: readonly Contestant[];
  /** What was asked for and is not here, and why. */
  readonly absent: Readonly<Record<string, string>>;
}

const SERVE = fileURLToPath(new URL("./serve.js", import.meta.url));

export function contestants(names: readonly string[], askedPython: string | null): Contestants {
  const needsPython = names.some((name) => SYSTEMS[name]?.python !== undefined);
  const python = needsPython ? findPython(askedPython) : null;
  const present: Contestant[] = [];
  const absent: Record<string, string> = {};
  for (const name of names) {
    const modules = SYSTEMS[name]?.python;
    if (modules === undefined) {
      present.push({ name, start: () => new Child({ file: process.execPath, args: [SERVE, name] }) });
      continue;
    }
    const missing = modules.filter((module) => python?.modules[module] === undefined);
    if (python === null) absent[name] = `no Python (${askedPython ?? "python3, python"})`;
    else if (missing.length > 0) absent[name] = `${python.file} has no ${missing.join(", ")}`;
    else present.push({ name, start: () => new Child(pythonCommand(python, name)) });
  }
  return { present, absent };
}
