import type { Layers, Preconditioner } from "@lodo/preconditioner";
import { Matrix as Dense } from "ml-matrix";

/** What equation (2) needs besides θ. */
export interface Twin {
  /** n */
  readonly dim: number;
  readonly alpha0: number;
  readonly permutations: readonly Int32Array[];
  /** k and ñ/k */
  readonly blockSize: number;
  readonly blocks: number;
}

/** Equation (2) multiplied out. */
export interface TwinAt {
  /** G(θ) */
  readonly G: Dense;
  /** ∂(−gᵀ G(θ) m)/∂θ, in the order of θ. */
  hypergradient(g: readonly number[], m: readonly number[]): number[];
}

export const twinOf = (G: Preconditioner<Layers>, [, blocks, blockSize]: Layers["shape"]): Twin => ({
  dim: G.dim,
  alpha0: G.alpha0,
  permutations: G.fixed["permutations"] ?? [],
  blockSize,
  blocks,
});

/** G(θ) as a matrix from full ñ × ñ factors, with no tensor, no autodiff and no operator. θ: the blocks in row-major order. */
export function twinAt({ dim: n, alpha0: α0, permutations, blockSize: k, blocks }: Twin, θ: ArrayLike<number>): TwinAt {
  const width = k * blocks;
  // (P x)ᵢ = x_{π(i)}
  const P = permutations.map((π) =>
    fill(width, width, (set) => {
      for (const [i, j] of π.entries()) set(i, j, 1);
    }),
  );
  const entry = (layer: number, block: number, i: number, j: number): number => ((layer * blocks + block) * k + i) * k + j;
  const B = permutations.map((_, layer) =>
    fill(width, width, (set) => {
      for (let block = 0; block < blocks; block++)
        for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) set(block * k + i, block * k + j, θ[entry(layer, block, i, j)] as number);
    }),
  );
  const E = Dense.eye(width, n);
  // G̃ E = B_N P_N ⋯ B₁ P₁ E
  const G̃E = P.reduce((M, Pᵢ, i) => (B[i] as Dense).mmul(Pᵢ.mmul(M)), E);
  return {
    // G = α₀ Eᵀ G̃ᵀ G̃ E
    G: G̃E.transpose().mmul(G̃E).mul(α0),
    hypergradient(g, m) {
      // What a vector is before the blocks of each layer, and what the output is when it is propagated back behind them.
      const inputs = (v: readonly number[]): Dense[] => {
        let x = E.mmul(Dense.columnVector([...v]));
        return P.map((Pᵢ, i) => {
          const z = Pᵢ.mmul(x);
          x = (B[i] as Dense).mmul(z);
          return z;
        });
      };
      const signals = (v: readonly number[]): Dense[] => {
        let y = G̃E.mmul(Dense.columnVector([...v]));
        const back = P.map((_, i) => {
          const layer = P.length - 1 - i;
          const c = y;
          y = (P[layer] as Dense).transpose().mmul((B[layer] as Dense).transpose().mmul(y));
          return c;
        });
        return back.reverse();
      };
      const [zg, zm, cg, cm] = [inputs(g), inputs(m), signals(g), signals(m)];
      const gradient = new Array<number>(permutations.length * blocks * k * k).fill(0);
      for (let layer = 0; layer < permutations.length; layer++) {
        // gᵀ G m = α₀ (G̃ E g)ᵀ (G̃ E m), so ∂ℓ/∂Bᵢ = −α₀ (cᵢ(g) zᵢ(m)ᵀ + cᵢ(m) zᵢ(g)ᵀ) where Bᵢ has entries.
        const outer = Dense.add(times(cg[layer], zm[layer]), times(cm[layer], zg[layer]));
        for (let block = 0; block < blocks; block++)
          for (let i = 0; i < k; i++)
            for (let j = 0; j < k; j++) gradient[entry(layer, block, i, j)] = -α0 * outer.get(block * k + i, block * k + j);
      }
      return gradient;
    },
  };
}

/** u vᵀ */
const times = (u: Dense | undefined, v: Dense | undefined): Dense => (u as Dense).mmul((v as Dense).transpose());

function fill(rows: number, cols: number, write: (set: (i: number, j: number, value: number) => void) => void): Dense {
  const M = Dense.zeros(rows, cols);
  write((i, j, value) => M.set(i, j, value));
  return M;
}
