import type { Layers } from "@lodo/preconditioner";
import { array } from "@lodo/tensor";

/** G(θ) v in plain numbers, and how many multiplications that took. */
export interface CountedProduct {
  readonly product: readonly number[];
  readonly multiplications: number;
}

/** α₀ Eᵀ G̃ᵀ G̃ E v by its definition: permute, multiply every block; the same backwards; scale. */
export function countedProduct(θ: Layers, permutations: readonly Int32Array[], alpha0: number, v: readonly number[]): CountedProduct {
  const [, b, k] = θ.shape;
  const width = b * k;
  const entries = array(θ);
  let multiplications = 0;
  const times = (x: number, y: number): number => {
    multiplications++;
    return x * y;
  };
  /** Bᵢ u, or Bᵢᵀ u */
  const layer = (i: number, u: readonly number[], transposed: boolean): readonly number[] =>
    u.map((_, at) => {
      const [first, row] = [at - (at % k), at % k];
      let sum = 0;
      for (let c = 0; c < k; c++) {
        const [r, s] = transposed ? [c, row] : [row, c];
        sum += times(entries[(i * width + first) * k + r * k + s] as number, u[first + c] as number);
      }
      return sum;
    });
  let u: readonly number[] = Array.from({ length: width }, (_, i) => v[i] ?? 0);
  for (const [i, P] of permutations.entries()) {
    const before = u;
    u = layer(
      i,
      [...P].map((j) => before[j] as number),
      false,
    );
  }
  for (const [i, P] of [...permutations.entries()].toReversed()) {
    const image = layer(i, u, true);
    const back = new Array<number>(width).fill(0);
    for (const [to, from] of P.entries()) back[from] = image[to] as number;
    u = back;
  }
  return { product: v.map((_, i) => times(alpha0, u[i] as number)), multiplications };
}
