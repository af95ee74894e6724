import { ArgumentError, checkLayout, type DType, DTypeError, type Layout, type Params, type Rng, ShapeError } from "@lodo/tensor";
import { complete, type Hyperparameters, type ValuesOf } from "./hyperparameter.ts";
import type { LinearOperator } from "./operator.ts";

/** A learnable family of linear operators on ℝⁿ, θ ↦ G(θ). */
export interface Preconditioner<Θ extends Params = Params> {
  readonly name: string;
  /** n */
  readonly dim: number;
  readonly dtype: DType;
  /** Is G(θ₀) = α₀ I exactly, or only near it? */
  readonly start: "exact" | "approximate";
  /** α₀, the initial learning rate. */
  readonly alpha0: number;
  /** What G is built from besides θ, drawn once and never learned; saved with θ, so that G can be rebuilt. */
  readonly fixed: Readonly<Record<string, readonly Int32Array[]>>;
  /** θ₀ */
  init(rng: Rng): Θ;
  /** G(θ), [n, n]. Cheap: called at every step. */
  at(θ: Θ): LinearOperator;
}

/** What every architecture is told. */
export interface Dimensions {
  /** n, at least 1. */
  readonly dim: number;
  /** Of θ and of every vector that G is applied to. "float64" unless asked. */
  readonly dtype?: DType;
  /** Where fixed random structure is drawn from, by architectures that have any. */
  readonly rng?: Rng;
  /** Which slices of x are layers, for architectures that treat layers apart. */
  readonly layout?: Layout;
}

/** What one application of G takes, as a function of n and the hyperparameters. */
export interface Cost {
  /** Learned numbers, the size of θ. */
  readonly parameters: number;
  /** Multiplications, most of them with an addition. */
  readonly multiplyAdds: number;
  /** What is read besides the vector: θ, and the indices that are fixed. */
  readonly bytes: number;
}

/** A way to build preconditioners, as a registry, a command line or a tuner sees it. */
export interface RegisteredArchitecture<Θ extends Params = Params> {
  readonly id: string;
  readonly summary: string;
  /** Where it comes from: an equation or section of the paper, or a reference. */
  readonly reference: string;
  readonly hyperparameters: Hyperparameters;
  /** Computed without building anything. @throws ArgumentError as calling the architecture does. */
  cost(dimensions: Dimensions, values?: Readonly<Record<string, unknown>>): Cost;
  /** Builds from values whose names are known at run time only. @throws ArgumentError as calling the architecture does. */
  create(dimensions: Dimensions, values: Readonly<Record<string, unknown>>): Preconditioner<Θ>;
}

/** The same, called with typed options: `diagonal({ dim: 10, alpha0: 0.1 })`. */
export interface Architecture<Θ extends Params, H extends Hyperparameters, Extras = unknown> extends RegisteredArchitecture<Θ> {
  (options: Dimensions & Partial<ValuesOf<H>> & Extras): Preconditioner<Θ>;
  readonly hyperparameters: H;
}

export interface ArchitectureDefinition<Θ extends Params, H extends Hyperparameters, Extras> {
  readonly id: string;
  readonly summary: string;
  readonly reference: string;
  readonly hyperparameters: H;
  /** Options that are no hyperparameters (explicit permutations, say), by name. */
  readonly extras?: readonly (keyof Extras & string)[];
  build(
    options: Checked & Pick<Dimensions, "rng"> & ValuesOf<H> & Extras,
  ): Omit<Preconditioner<Θ>, "name" | "dim" | "dtype" | "fixed"> & Partial<Pick<Preconditioner<Θ>, "fixed">>;
  /** As in `Cost`, with the number of fixed indices in place of bytes. */
  cost(options: Checked & ValuesOf<H>): Omit<Cost, "bytes"> & { readonly indices?: number };
}

/** Dimensions that have been checked and completed. */
type Checked = Required<Pick<Dimensions, "dim" | "dtype">> & Pick<Dimensions, "layout">;

/**
 * An architecture from its definition. Calling it checks every option.
 * @throws ArgumentError (when called) naming the option, its domain and what was given.
 */
export function defineArchitecture<Θ extends Params, H extends Hyperparameters, Extras = unknown>({
  build,
  cost,
  extras = [],
  ...about
}: ArchitectureDefinition<Θ, H, Extras>): Architecture<Θ, H, Extras> {
  const check = ({ dim, dtype = "float64", layout }: Dimensions): Checked => {
    if (!Number.isSafeInteger(dim) || dim < 1) throw new ArgumentError(about.id, `dim must be an integer of at least 1, got ${dim}`);
    if (dtype !== "float64" && dtype !== "float32") throw new DTypeError(about.id, `dtype must be "float64" or "float32", got "${dtype}"`);
    if (layout && layout.size !== dim)
      throw new ShapeError(about.id, `expected a layout of ${dim} elements (dim), got one of ${layout.size}`);
    if (layout) checkLayout(about.id, layout);
    return { dim, dtype, ...(layout ? { layout } : {}) };
  };
  const isExtra = ([key]: [string, unknown]): boolean => (extras as readonly string[]).includes(key);
  const create = (dimensions: Dimensions, values: Readonly<Record<string, unknown>>): Preconditioner<Θ> => {
    const checked = check(dimensions);
    const extra = Object.fromEntries(Object.entries(values).filter(isExtra)) as Extras;
    const tuned = Object.fromEntries(Object.entries(values).filter((entry) => !isExtra(entry)));
    const { rng } = dimensions;
    const built = build({ ...extra, ...complete(about.id, about.hyperparameters, tuned), ...checked, ...(rng ? { rng } : {}) });
    return { name: about.id, dim: checked.dim, dtype: checked.dtype, fixed: {}, ...built };
  };
  const call = ({ dim, dtype, rng, layout, ...values }: Dimensions & Partial<ValuesOf<H>> & Extras): Preconditioner<Θ> =>
    create({ dim, ...(dtype ? { dtype } : {}), ...(rng ? { rng } : {}), ...(layout ? { layout } : {}) }, values);
  const costOf = (dimensions: Dimensions, values: Readonly<Record<string, unknown>> = {}): Cost => {
    const checked = check(dimensions);
    const { parameters, multiplyAdds, indices = 0 } = cost({ ...complete(about.id, about.hyperparameters, values), ...checked });
    return { parameters, multiplyAdds, bytes: parameters * (checked.dtype === "float64" ? 8 : 4) + indices * Int32Array.BYTES_PER_ELEMENT };
  };
  return Object.assign(call, { ...about, create, cost: costOf });
}
