/** What examples can import: the library as it was built from this repository. */
const MODULES: Readonly<Record<string, () => Promise<object>>> = {
  wengert: () => import("wengert"),
  "wengert/graph": () => import("wengert/graph"),
  "wengert/ops": () => import("wengert/ops"),
  "wengert/nn": () => import("wengert/nn"),
  "wengert/optim": () => import("wengert/optim"),
  "wengert/data": () => import("wengert/data"),
  "wengert/train": () => import("wengert/train"),
  "wengert/io": () => import("wengert/io"),
  "wengert/explore": () => import("wengert/explore"),
};

/** The modules that this program requires, by name. Nothing else is loaded. */
export async function modulesFor(js: string): Promise<(name: string) => object> {
  const names = [...js.matchAll(/\brequire\((['"])(.+?)\1\)/g)].map((match) => match[2]!);
  const loaded = new Map<string, object>();
  for (const name of new Set(names)) {
    const load = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
    if (load !== undefined) loaded.set(name, await load());
  }
  return (name) => {
    const found = loaded.get(name);
    if (found !== undefined) return found;
    const there = Object.keys(MODULES).join(", ");
    throw new Error(`there is no module '${name}' on this page; there are ${there}`);
  };
}
