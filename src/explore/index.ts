export type {
  ArrayView,
  BackwardMove,
  CodePlace,
  Gift,
  LocalRule,
  PassChange,
  PassNode,
  PassReplay,
  PassStep,
  TapeDocument,
  TapeNode,
} from "./document.ts";
export { type ExploreOptions, explore, exploreWith } from "./explore.ts";
export { gradientPasses } from "./gradientPasses.ts";
export type { Pass } from "./passReplay.ts";
