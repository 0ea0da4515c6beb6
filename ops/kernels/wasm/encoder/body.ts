/** The statements of a function, put down one after the other. */
import { type Code, list, unsigned } from "./bytes.ts";
import { type Address, copying, filling, storing, storingLane } from "./memory.ts";
import { codeOfType, type Local, local, type Value, type ValueType, type Vector } from "./value.ts";

/** Where a branch can go: out of a block, or back to the head of a loop. */
export interface Label {
  readonly depth: number;
}

const IF = 0x04;
const ELSE = 0x05;
const BLOCK = 0x02;
const LOOP = 0x03;
const END = 0x0b;
const NO_RESULT = 0x40;

export class Body {
  readonly #code: Code[] = [];
  readonly #types: ValueType[] = [];
  readonly #parameters: number;
  /** The labels that can be branched to from here, the outermost first. */
  readonly #open: Label[] = [];

  #result: Value<ValueType> | null = null;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** A new variable, zero until it is set. */
  local<T extends ValueType>(type: T): Local<T> {
    return local(type, this.#parameters + this.#types.push(type) - 1);
  }

  set<T extends ValueType>(variable: Local<T>, value: Value<NoInfer<T>>): void {
    this.#code.push([value.code, 0x21, unsigned(variable.index)]);
  }

  /** A new variable that holds this. */
  keep<T extends ValueType>(value: Value<T>): Local<T> {
    const variable = this.local(value.type);
    this.set(variable, value);
    return variable;
  }

  /** Write a value of any type to an address plus a constant number of bytes. */
  store(address: Address, value: Value<ValueType>, offset = 0): void {
    this.#code.push(storing(address, value, offset));
  }

  /** Write one lane of so many bytes, or several that lie side by side. */
  storeLane(bytes: 1 | 2 | 4 | 8, address: Address, value: Value<Vector>, lane: number, offset = 0): void {
    this.#code.push(storingLane(bytes, address, value, lane, offset));
  }

  /** Set so many bytes from an address on to this one. */
  fill(address: Address, byte: Value<"i32">, count: Value<"i32">): void {
    this.#code.push(filling(address, byte, count));
  }

  /** Copy so many bytes, which may overlap, to an address from another. */
  copy(to: Address, from: Address, count: Value<"i32">): void {
    this.#code.push(copying(to, from, count));
  }

  /** Call a function of the module that takes nothing and gives nothing, by its place in the list. */
  call(index: number): void {
    this.#code.push([0x10, unsigned(index)]);
  }

  /** Statements that a branch to the label leaves. */
  block(statements: (leave: Label) => void): void {
    this.#nested([BLOCK, NO_RESULT], statements);
  }

  /** Statements that a branch to the label begins again; without one they are gone through once. */
  loop(statements: (again: Label) => void): void {
    this.#nested([LOOP, NO_RESULT], statements);
  }

  if(condition: Value<"i32">, then: () => void, otherwise?: () => void): void {
    this.#nested([condition.code, IF, NO_RESULT], () => {
      then();
      if (otherwise === undefined) return;
      this.#code.push([ELSE]);
      otherwise();
    });
  }

  branch(to: Label): void {
    this.#code.push([0x0c, this.#distance(to)]);
  }

  branchIf(to: Label, condition: Value<"i32">): void {
    this.#code.push([condition.code, 0x0d, this.#distance(to)]);
  }

  /** What the function gives, evaluated after all its statements. */
  result(value: Value<"i32" | "f32" | "f64">): void {
    this.#result = value;
  }

  get resultType(): ValueType | null {
    return this.#result?.type ?? null;
  }

  /** Declarations of variables, statements, and the end, as a module wants them. */
  finish(): Code {
    const variables = this.#types.map((type) => [1, codeOfType(type)]);
    return [list(variables), this.#code, this.#result?.code ?? [], END];
  }

  #nested(head: Code, statements: (label: Label) => void): void {
    const label: Label = { depth: this.#open.length };
    this.#code.push(head);
    this.#open.push(label);
    statements(label);
    this.#open.pop();
    this.#code.push([END]);
  }

  #distance(to: Label): Code {
    if (this.#open[to.depth] !== to) throw new RangeError("a branch to what does not surround it");
    return unsigned(this.#open.length - 1 - to.depth);
  }
}
