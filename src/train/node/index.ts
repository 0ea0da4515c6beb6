/** What of training needs Node: files, signals, a terminal. */
export { checkpointFolder } from "./checkpointFolder.ts";
export { type ProgressBar, progressBar } from "./progressBar.ts";
export { type FolderOptions, trainInFolder } from "./trainInFolder.ts";
