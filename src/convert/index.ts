export { fromJson } from "./fromJson.ts";
export { toArray } from "./toArray.ts";
export { toTypedArray } from "./toTypedArray.ts";
