/** The examples' code, each loaded when it is edited. */
const files = import.meta.glob<string>("../../../examples/*.ts", { query: "?raw", import: "default" });

/** The code of docs/examples/NAME.ts; null where there is no such file. */
export async function sourceOf(name: string): Promise<string | null> {
  const load = files[`../../../examples/${name}.ts`];
  return load === undefined ? null : await load();
}
