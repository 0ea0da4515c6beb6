/**
 * Which array was last copied to a place: it need not be copied again. It is not kept alive by that.
 *
 * Not a WeakRef: what one refers to stays alive until the event loop comes round, so that a loop of synchronous calls
 * would keep all that was ever passed.
 */
export class Latest {
  readonly #turns = new WeakMap<object, number>();
  #turn = 0;

  is(data: object): boolean {
    return this.#turns.get(data) === this.#turn;
  }

  set(data: object): void {
    this.#turns.set(data, ++this.#turn);
  }

  /** Something else is there now. */
  forget(): void {
    this.#turn++;
  }
}
