import { fileURLToPath } from "node:url";

/** The repository. The benches run as compiled: this is dist/test/bench/running. */
export const ROOT: string = fileURLToPath(new URL("../../../../", import.meta.url));
