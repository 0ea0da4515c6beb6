export { type Explorer, type ExplorerOptions, mountExplorer } from "./explorer.ts";
