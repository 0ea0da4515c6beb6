import { fromData, type Shape, sizeOf, type Tensor } from "../../../../graph/index.ts";
import { NumPyRandom } from "../../../random/index.ts";
import { MT19937 } from "../../../random/mt19937.ts";
import { log } from "./log.ts";

/**
 * `np.random` after `np.random.seed(seed)`, to the last bit.
 *
 * `numpyRandom` takes the engine's logarithm, and so one normal deviate in thirty is off in its last bit. That is
 * enough to change the small errors which the course prints. (Its other draws are NumPy's as they are.)
 */
export class CourseRandom {
  readonly #generator: MT19937;
  #kept: number | null = null;

  constructor(seed: number) {
    this.#generator = new MT19937(seed);
  }

  /** `np.random.randn(...shape)`: Marsaglia's polar method, of whose two deviates the second is handed out first. */
  randn(...shape: Shape): Tensor {
    const data = new Float64Array(sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = this.#normal();
    return fromData(shape, "float64", data);
  }

  /** `np.random.rand(...shape)` */
  rand(...shape: Shape): Tensor {
    return fromData(shape, "float64", this.#generator.fillRand(new Float64Array(sizeOf(shape))));
  }

  /** `np.random.randint(n, size=shape)` */
  randint(n: number, shape: Shape): Tensor {
    return fromData(shape, "int32", this.#generator.fillRandint(new Int32Array(sizeOf(shape)), n));
  }

  /** A source of the library's that goes on from here. */
  source(): NumPyRandom {
    return NumPyRandom.from(this.#generator.state());
  }

  #normal(): number {
    if (this.#kept !== null) {
      const kept = this.#kept;
      this.#kept = null;
      return kept;
    }
    let x: number;
    let y: number;
    let r2: number;
    do {
      x = 2 * this.#generator.rand() - 1;
      y = 2 * this.#generator.rand() - 1;
      r2 = x * x + y * y;
    } while (r2 >= 1 || r2 === 0);
    const f = Math.sqrt((-2 * log(r2)) / r2);
    this.#kept = f * x;
    return f * y;
  }
}
