/** Tensors whose numbers are in the arena: results that a compiled function will take back as inputs. */
import { ArgumentError, type Data, type DType, type Shape, type Storage, Tensor } from "../../graph/index.ts";
import type { Executable } from "./executable.ts";

export class Resident {
  readonly executable: Executable;
  /** Which input's place it is in. */
  readonly input: number;
  readonly #read: () => Data;
  #data: Data | null = null;
  #isThere = true;

  /** @param read a copy of the numbers, as long as they are there */
  constructor(executable: Executable, input: number, read: () => Data) {
    this.executable = executable;
    this.input = input;
    this.#read = read;
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  /** Something else is about to be written there: whoever still has it gets a copy. */
  keep(): void {
    if (this.#isThere) this.#data ??= this.#read();
    this.#isThere = false;
  }

  /** It was given away. What has been read of it before stays readable. */
  giveAway(): void {
    this.#isThere = false;
  }

  data(): Data {
    if (this.#data !== null) return this.#data;
    if (!this.#isThere) {
      throw new ArgumentError(
        "compile",
        "a tensor that is still there",
        "one that was donated to a compiled function, which has written its result over it",
        "use the result of that call; or leave the argument out of donate",
      );
    }
    this.#data = this.#read();
    return this.#data;
  }
}

const residents = new WeakMap<object, Resident>();

export function residentTensor(shape: Shape, dtype: DType, resident: Resident): Tensor {
  const storage = (): Data => resident.data();
  residents.set(storage, resident);
  return new Tensor(shape, dtype, storage);
}

/** What is known of a tensor's numbers, if they are in the arena. */
export function residentOf(storage: Storage): Resident | null {
  return typeof storage === "function" ? (residents.get(storage) ?? null) : null;
}
