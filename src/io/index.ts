export { FormatError } from "./errors.ts";
export { readSafetensors, type Safetensors, writeSafetensors } from "./safetensors.ts";
export { readTree, writeTree } from "./tree.ts";
