import { BackendError, type Data, type DeviceMemory } from "@lodo/tensor";

/** How to compute a value again where there is no device. */
export type Recipe = () => Data;

/**
 * What a pass computed, apart from where it lies: the numbers once they were fetched, until then the recipe. Recipes refer to values, not to
 * textures, so a texture can be freed while something computed from it lives.
 */
export class Value implements DeviceMemory {
  readonly size: number;
  /** How many recipes deep. */
  readonly depth: number;
  #recipe: Recipe | null;
  #numbers: Data | null = null;

  constructor(size: number, depth: number, recipe: Recipe) {
    this.size = size;
    this.depth = depth;
    this.#recipe = recipe;
  }

  get known(): boolean {
    return this.#numbers !== null;
  }

  set numbers(numbers: Data) {
    this.#numbers = numbers;
    this.#recipe = null;
  }

  /** The numbers: those fetched, or by the recipe. @throws BackendError if what it was computed from is no more. */
  fetch(): Data {
    if (this.#numbers) return this.#numbers;
    if (!this.#recipe) throw new BackendError("gpu", "a value was asked for while it is being computed");
    this.numbers = this.#recipe();
    return this.fetch();
  }

  read(): Promise<Data> {
    return Promise.resolve(this.fetch());
  }
}
