/** What `npm run bench` and `npm run bench:peers` share: one is the other, with ourselves alone. */
import { printed, written } from "./report.ts";
import { contestants } from "./running/contestants.ts";
import { optionsOf } from "./running/options.ts";
import { race } from "./running/race.ts";

/**
 * Check, time, print and write.
 *
 * @param before is run when the command line is known to make sense
 * @returns whether our own results were right wherever they were asked for
 */
export async function bench(
  command: string,
  systems: readonly string[],
  before: () => void = () => undefined,
): Promise<boolean> {
  const options = optionsOf(command, systems, process.argv.slice(2));
  if (options === null) return true;
  before();
  const { present, absent } = contestants(options.systems, options.python);
  const raced = await race(present, options, (line) => console.error(line));
  console.log(printed(raced, options, absent));
  for (const file of await written(raced, options, absent)) console.log(`\nwritten: ${file}`);
  return !raced.absences.some(({ system, kind }) => system.startsWith("wengert") && kind !== "unsupported");
}
