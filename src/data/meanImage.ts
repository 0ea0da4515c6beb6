import { allocate, fromData, type Tensor } from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import { type Bytes, checkedBytes, type NameOption, sourceOf } from "./bytes.ts";
import { damaged } from "./error.ts";
import { type FilePath, type Opened, opened } from "./file.ts";
import { type FloatOptions, floatOf, type Reading } from "./pixels.ts";

const [HEIGHT, WIDTH, CHANNELS] = [32, 32, 3] as const;
const BYTES = 8 * HEIGHT * WIDTH * CHANNELS;

/**
 * A mean image of CIFAR-10 kept as little-endian float64 in the order height, width, channel: [3, 32, 32].
 *
 * @throws DataError, naming file and byte, for another length, or a number that is no mean of pixels from 0 to 255
 */
export function parseMeanImage(bytes: Bytes, options: FloatOptions & NameOption = NONE): Tensor {
  const { dtype } = checkedOptions("parseMeanImage", options, ["dtype", "name"]);
  const source = sourceOf("parseMeanImage", options);
  const file = { source, bytes: checkedBytes("parseMeanImage", bytes) };
  return decoded(file, { dtype: floatOf("parseMeanImage", dtype), isUnit: false });
}

/** What {@link parseMeanImage} gives, from a file; the rest is the reading function's own business. */
export async function readMean(
  op: string,
  file: FilePath,
  how: Pick<Reading, "dtype" | "isUnit">,
): Promise<Tensor> {
  return decoded(await opened(op, file, { gzip: false }), how);
}

/**
 * A mean image of CIFAR-10 from a file, as {@link parseMeanImage} gives it.
 *
 * @throws DataError where there is no such file, or it is damaged
 */
export async function readMeanImage(file: FilePath, options: FloatOptions = NONE): Promise<Tensor> {
  const { dtype } = checkedOptions("readMeanImage", options, ["dtype"]);
  return readMean("readMeanImage", file, { dtype: floatOf("readMeanImage", dtype), isUnit: false });
}

function decoded({ source, bytes }: Opened, { dtype, isUnit }: Pick<Reading, "dtype" | "isUnit">): Tensor {
  if (bytes.length !== BYTES) {
    const expected = bytes.length < BYTES ? `${BYTES} bytes of float64` : `the end of ${BYTES} bytes`;
    throw damaged(source, Math.min(bytes.length, BYTES), expected, `${bytes.length} bytes in all`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const image = allocate(dtype, HEIGHT * WIDTH * CHANNELS);
  for (let i = 0; i < image.length; i++) {
    const value = view.getFloat64(8 * i, true);
    if (!(value >= 0 && value <= 255)) {
      throw damaged(source, 8 * i, "a mean of pixels from 0 to 255 as float64", `${value}`);
    }
    const pixel = Math.floor(i / CHANNELS);
    image[(i % CHANNELS) * HEIGHT * WIDTH + pixel] = isUnit ? value / 255 : value;
  }
  return fromData([CHANNELS, HEIGHT, WIDTH], dtype, image);
}
