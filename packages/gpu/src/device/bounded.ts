/** A map that keeps the entries used last, and parts with the others. */
export class Bounded<Value> {
  readonly #entries: Map<string, Value> = new Map();
  readonly #bound: number;
  readonly #part: (value: Value) => void;

  constructor(bound: number, part: (value: Value) => void) {
    this.#bound = bound;
    this.#part = part;
  }

  get(key: string, make: () => Value): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const value = make();
    this.#entries.set(key, value);
    if (this.#entries.size > this.#bound) {
      const [oldest, old] = this.#entries.entries().next().value as [string, Value];
      this.#entries.delete(oldest);
      this.#part(old);
    }
    return value;
  }
}
