import { eye, type Layout, type Matrix } from "@lodo/tensor";
import { blocks, gram, scale } from "../algebra.ts";
import { kronecker as kroneckerOperator } from "../atoms.ts";
import { type Hyperparameter, rate } from "../hyperparameter.ts";
import type { LinearOperator } from "../operator.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** A: [r, r], B: [c, c], for each layer a pair. */
type Factors = readonly { readonly A: Matrix; readonly B: Matrix }[];

/** A layer as a grid: its last axis across, all others down; without a layout, the nearest to a square that divides n. */
function grids(n: number, layout: Layout | undefined): readonly (readonly [r: number, c: number])[] {
  if (layout) return layout.slices.map(({ shape }) => [shape.slice(0, -1).reduce((a, b) => a * b, 1), shape.at(-1) ?? 1] as const);
  let r = Math.floor(Math.sqrt(n));
  while (n % r !== 0) r--;
  return [[r, n / r]];
}

/**
 * Kronecker factors for each layer (Martens & Grosse 2015; here they are learned): G(θ) = α₀ diag over layers of (A ⊗ B)ᵀ(A ⊗ B), which mixes the rows
 * and the columns of a layer's weights. Symmetric positive semi-definite for every θ; A = I and B = I at the start. One application costs
 * O(r c (r + c)) a layer.
 */
export const kronecker: Architecture<Factors, { readonly alpha0: Hyperparameter<number> }> = defineArchitecture({
  id: "kronecker",
  summary: "a Kronecker product of two small matrices for each layer, as a Gram matrix",
  reference: "Martens & Grosse 2015, for the structure",
  hyperparameters: { alpha0: rate(1, "α₀, initial learning rate") },
  cost({ dim: n, layout }) {
    const total = (f: (r: number, c: number) => number): number => grids(n, layout).reduce((sum, [r, c]) => sum + f(r, c), 0);
    return { parameters: total((r, c) => r * r + c * c), multiplyAdds: total((r, c) => 2 * r * c * (r + c)) + n };
  },
  build: ({ dim: n, dtype, alpha0, layout }) => {
    const layers = grids(n, layout);
    return {
      start: "exact",
      alpha0,
      init: () => layers.map(([r, c]) => ({ A: eye(r, { dtype }), B: eye(c, { dtype }) })),
      at: (θ) => scale(alpha0, blocks(...(θ.map(({ A, B }) => gram(kroneckerOperator(A, B))) as [LinearOperator]))),
    };
  },
});
