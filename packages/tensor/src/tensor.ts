import { deviceOf } from "./device.ts";
import type { DType, Strided } from "./dtype.ts";
import { ScopeError } from "./errors.ts";
import { type Lease, leaseOf, type Memory } from "./lease.ts";
import { product, type Shape } from "./shape.ts";
import { forEachIndex } from "./storage.ts";

/** What the numbers lie in. */
const memoryOf = (storage: Strided): Memory => deviceOf(storage) ?? storage.data;

/** How many numbers are printed. */
const SHOWN = 12;

/**
 * An n-dimensional array: its rank is in the type, its extents and dtype are known at run time. Immutable. `storage` is for kernels alone;
 * everyone else reads numbers with `read`, `item` or `array`.
 */
export class Tensor<out S extends Shape = Shape> {
  readonly shape: S;
  readonly dtype: DType;
  /** How this value was computed, while it is being differentiated; null otherwise. */
  readonly trace: Trace | null;
  readonly #storage: Strided;
  readonly #lease: Lease | undefined;
  /** The tenancy that it was made in. */
  readonly #generation: number;

  /** @internal */
  constructor(storage: Strided, trace: Trace | null = null) {
    this.#storage = storage;
    this.shape = storage.shape as Shape as S;
    this.dtype = storage.dtype as DType;
    this.trace = trace;
    this.#lease = leaseOf(memoryOf(storage));
    this.#generation = this.#lease ? this.#lease.generation : 0;
  }

  get size(): number {
    return product(this.shape);
  }

  /** @internal @throws ScopeError after the arena that owns this tensor has ended. */
  get storage(): Strided {
    if (this.#isDead()) throw new ScopeError("tensor", `a tensor of shape [${this.shape}] was used after its arena had ended`);
    return this.#storage;
  }

  /** @internal */
  get memory(): Memory {
    return memoryOf(this.storage);
  }

  #isDead(): boolean {
    return this.#lease !== undefined && this.#lease.generation !== this.#generation;
  }

  static {
    const value = function (this: Tensor): string {
      return this.preview();
    };
    Object.defineProperty(Tensor.prototype, Symbol.for("nodejs.util.inspect.custom"), { value });
  }

  /** dtype, shape and the first numbers: what Node's console shows. */
  preview(): string {
    if (this.#isDead()) return `${this} of an arena that has ended`;
    const numbers: number[] = [];
    forEachIndex(this.#storage, (at, i) => {
      if (i < SHOWN) numbers.push(this.#storage.data[at] as number);
    });
    return `${this} ${numbers.join(" ")}${this.size > SHOWN ? " …" : ""}`;
  }

  toString(): string {
    return `Tensor(${this.dtype}, [${this.shape}])`;
  }
}

export type Scalar = Tensor<readonly []>;
export type Vector = Tensor<readonly [number]>;
export type Matrix = Tensor<readonly [number, number]>;
/** Square blocks, [b, k, k]. */
export type Blocks = Tensor<readonly [number, number, number]>;
/** Number of elements, rows, columns and channels, [n, h, w, c]. */
export type Images = Tensor<readonly [number, number, number, number]>;

/** Cotangents of an operation's inputs, one thunk each; null where the derivative is identically zero. */
export type Pullback = (ct: Tensor) => readonly ((() => Tensor) | null)[];

/** A tensor's place in the computation being differentiated: its value one level down, and how to pull a cotangent back to its parents. */
export interface Trace {
  readonly tape: Tape;
  readonly index: number;
  readonly primal: Tensor;
  readonly parents: readonly Tensor[];
  readonly pullback: Pullback;
}

/**
 * A Wengert list: the operations of one differentiation, in order. Nested differentiations have nested levels, and an operation belongs to
 * the innermost level among its inputs; that is what keeps their perturbations apart.
 */
export interface Tape {
  readonly level: number;
  readonly traces: Trace[];
  open: boolean;
}
