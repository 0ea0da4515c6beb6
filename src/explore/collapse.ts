/** A long tape as few groups: runs of its order, so that between groups, too, edges lead forward only. */

/** More nodes than this are not drawn one by one. */
export const MOST_SHOWN = 300;
/** Into how many groups a long run is parted. */
const PARTS = 40;

/** A run of the tape from `start` to before `end`: one node, or a group that can be opened. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** What is shown of a tape of so many nodes before anything is opened. */
export function collapsed(count: number): readonly Run[] {
  return count <= MOST_SHOWN ? singles({ start: 0, end: count }) : parts({ start: 0, end: count });
}

/** The runs with one of them opened: into nodes where they are few enough, else into smaller runs. */
export function opened(runs: readonly Run[], which: Run): readonly Run[] {
  return runs.flatMap((run) => {
    if (run.start !== which.start || run.end !== which.end || isSingle(run)) return [run];
    return run.end - run.start <= PARTS ? singles(run) : parts(run);
  });
}

/** The runs with the one that holds a node opened as far as it takes to see the node. */
export function openedTo(runs: readonly Run[], place: number): readonly Run[] {
  const holder = runs.find(({ start, end }) => start <= place && place < end);
  return holder === undefined || isSingle(holder) ? runs : openedTo(opened(runs, holder), place);
}

export function isSingle({ start, end }: Run): boolean {
  return end - start === 1;
}

function singles({ start, end }: Run): Run[] {
  return Array.from({ length: end - start }, (_, k) => ({ start: start + k, end: start + k + 1 }));
}

function parts({ start, end }: Run): Run[] {
  const size = end - start;
  return Array.from({ length: PARTS }, (_, k) => ({
    start: start + Math.floor((k * size) / PARTS),
    end: start + Math.floor(((k + 1) * size) / PARTS),
  }));
}
