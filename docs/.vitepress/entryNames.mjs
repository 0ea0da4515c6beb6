// A typedoc plugin: modules go by what one imports (wengert/nn), not by where their source is (src/nn).
import { Converter, ReflectionKind } from "typedoc";

const imported = (folder) => {
  if (folder === "src") return "wengert";
  return `wengert/${folder.replace(/^src\//, "")}`;
};

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module)) reflection.name = imported(reflection.name);
  });
}
