import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** What a file is called while it is being written. */
export const UNFINISHED = ".tmp";

/**
 * Write a file so that whoever looks, after a crash too, finds all of it or what was there before: under another name,
 * down to the disk, then renamed.
 */
export async function writeDurably(path: string, contents: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${process.pid}${UNFINISHED}`;
  try {
    const file = await open(unfinished, "w");
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** The new name itself is on the disk only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and has no need to.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
