import { ArgumentError, checkLayout, DTypeError, type Layout, type Params, pad, ShapeError, slice } from "@lodo/tensor";
import { blocks, congruence, scale, sum } from "./algebra.ts";
import { type LinearOperator, linearOperator } from "./operator.ts";
import type { Preconditioner } from "./preconditioner.ts";

/** One preconditioner or more, of any architectures. */
type Parts = readonly [Preconditioner, ...Preconditioner[]];

/** The θ of each part. */
type PartsParams<P extends Parts> = { readonly [K in keyof P]: P[K] extends Preconditioner<infer Θ> ? Θ : never };

/**
 * G₁(θ₁) + G₂(θ₂) + ⋯ with θ = (θ₁, θ₂, …): symmetric or psd where all are. α₀ is the sum of theirs. What part i has fixed is found under "i.name".
 * @throws ShapeError or DTypeError unless all are of one dim and dtype.
 */
export function sumPreconditioner<const P extends Parts>(...parts: P): Preconditioner<PartsParams<P>> {
  const [first] = parts;
  for (const G of parts) {
    if (G.dim !== first.dim) throw new ShapeError("sumPreconditioner", `dims must agree, got ${first.dim} and ${G.dim}`);
  }
  return combined("sum", first.dim, parts, {
    start: parts.every(({ start }) => start === "exact") ? "exact" : "approximate",
    alpha0: parts.reduce((α0, G) => α0 + G.alpha0, 0),
    combine: (operators) => sum(...operators),
  });
}

/** c G(θ), with c α₀ in place of α₀. Keeps the tags. @throws ArgumentError unless c is finite and above 0. */
export function scaledPreconditioner<Θ extends Params>(c: number, G: Preconditioner<Θ>): Preconditioner<Θ> {
  if (!(c > 0 && Number.isFinite(c))) throw new ArgumentError("scaledPreconditioner", `c must be a finite number above 0, got ${c}`);
  return { ...G, name: `${c} ${G.name}`, alpha0: c * G.alpha0, at: (θ) => scale(c, G.at(θ)) };
}

/** A layer of a task, as its layout has it. */
export interface Layer {
  readonly path: string;
  readonly shape: readonly number[];
  /** How many numbers it holds. */
  readonly dim: number;
  /** Its place in the layout. */
  readonly index: number;
}

/**
 * diag(G₁(θ₁), G₂(θ₂), …): a preconditioner for each layer, each on its own slice of x; symmetric or psd where all are. Exact at the start where all are
 * and have one α₀; else α₀ is their mean over coordinates. What layer i has fixed is found under "i.name".
 * @throws ShapeError or DTypeError unless each fits its layer and all are of one dtype; ArgumentError without layers, or unless they
 * lie end to end.
 */
export function layerwisePreconditioner<Θ extends Params>(
  layout: Layout,
  preconditionerOf: (layer: Layer) => Preconditioner<Θ>,
): Preconditioner<readonly Θ[]> {
  checkLayout("layerwisePreconditioner", layout);
  const { size, slices } = layout;
  const layers = slices.map(({ path, shape }, index) => ({ path, shape, index, dim: shape.reduce((a, b) => a * b, 1) }));
  const parts = layers.map((layer) => {
    const G = preconditionerOf(layer);
    if (G.dim !== layer.dim)
      throw new ShapeError("layerwisePreconditioner", `layer "${layer.path}" has ${layer.dim} elements, its preconditioner dim ${G.dim}`);
    return G;
  });
  if (parts.length === 0) throw new ArgumentError("layerwisePreconditioner", "expected a layout with layers, got one without");
  const sameStart = parts.every(({ start, alpha0 }) => start === "exact" && alpha0 === parts[0]?.alpha0);
  return combined("layerwise", size, parts as unknown as Parts, {
    start: sameStart ? "exact" : "approximate",
    alpha0: sameStart ? (parts[0]?.alpha0 as number) : parts.reduce((total, { dim, alpha0 }) => total + dim * alpha0, 0) / size,
    combine: (operators) => blocks(...operators),
  }) as Preconditioner as Preconditioner<readonly Θ[]>;
}

/**
 * Eᵀ G(θ) E, what G does from the coordinates start ≤ i < stop to the same, as a preconditioner on these: more hidden freedom than they have numbers.
 * Symmetric or psd where G is. @throws ShapeError unless 0 ≤ start < stop ≤ n.
 */
export function restrictedPreconditioner<Θ extends Params>(
  { start, stop }: { readonly start: number; readonly stop: number },
  G: Preconditioner<Θ>,
): Preconditioner<Θ> {
  const inside = Number.isSafeInteger(start) && Number.isSafeInteger(stop) && 0 <= start && start < stop && stop <= G.dim;
  if (!inside) throw new ShapeError("restrictedPreconditioner", `expected 0 ≤ start < stop ≤ ${G.dim} (dim), got ${start} and ${stop}`);
  const E = linearOperator({
    structure: `E{${start}:${stop}}`,
    shape: [G.dim, stop - start],
    apply: (v) => pad(v, { before: [start], after: [G.dim - stop] }),
    applyTranspose: (v) => slice(v, { start: [start], stop: [stop] }),
  });
  return { ...G, name: `${G.name}[${start}:${stop}]`, dim: stop - start, at: (θ) => congruence(E, G.at(θ)) };
}

interface Combination extends Pick<Preconditioner, "start" | "alpha0"> {
  combine(operators: readonly [LinearOperator, ...LinearOperator[]]): LinearOperator;
}

/** Parts that learn side by side: θ is the list of theirs. */
function combined<P extends Parts>(name: string, dim: number, parts: P, { combine, ...rest }: Combination): Preconditioner<PartsParams<P>> {
  const [{ dtype }] = parts;
  for (const G of parts) if (G.dtype !== dtype) throw new DTypeError(name, `dtypes must agree, got ${dtype} and ${G.dtype}`);
  const fixed = parts.flatMap((G, i) => Object.entries(G.fixed).map(([key, lists]) => [`${i}.${key}`, lists] as const));
  return {
    ...rest,
    name: `${name}(${parts.map((G) => G.name).join(", ")})`,
    dim,
    dtype,
    fixed: Object.fromEntries(fixed),
    init: (rng) => parts.map((G, i) => G.init(rng.split(i))) as unknown as PartsParams<P>,
    at: (θ) => combine(parts.map((G, i) => G.at((θ as readonly Params[])[i] as Params)) as [LinearOperator, ...LinearOperator[]]),
  };
}
