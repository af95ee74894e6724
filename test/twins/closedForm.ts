/** Equation (2) and its derivative in loops over plain arrays: no tensor, no autodiff, no operator. */
export interface PlainChain {
  readonly n: number;
  readonly k: number;
  readonly alpha0: number;
  readonly permutations: readonly Int32Array[];
  /** The blocks in row-major order, [N, ñ/k, k, k]. */
  readonly blocks: ArrayLike<number>;
  /** ñ */
  readonly width: number;
}

interface Passed {
  /** zᵢ, what the blocks of layer i are multiplied with. */
  readonly inputs: readonly number[][];
  readonly output: number[];
}

/** B(θᵢ) z, or B(θᵢ)ᵀ z. */
function blocksTimes({ k, width, blocks }: PlainChain, i: number, z: readonly number[], transposed: boolean): number[] {
  return z.map((_, row) => {
    const first = row - (row % k);
    let sum = 0;
    for (let j = 0; j < k; j++) {
      const [r, c] = transposed ? [j, row % k] : [row % k, j];
      sum += (blocks[i * width * k + first * k + r * k + c] as number) * (z[first + j] as number);
    }
    return sum;
  });
}

/** G̃ E v, layer by layer. */
function forwards(chain: PlainChain, v: ArrayLike<number>): Passed {
  const inputs: number[][] = [];
  const embedded = Array.from({ length: chain.width }, (_, i) => (i < chain.n ? (v[i] as number) : 0));
  const output = chain.permutations.reduce((x, π, i) => {
    const z = Array.from(π, (from) => x[from] as number);
    inputs.push(z);
    return blocksTimes(chain, i, z, false);
  }, embedded);
  return { inputs, output };
}

/** cᵢ = (B_N P_N ⋯ P_{i+1})ᵀ y, what a signal at the output is at the output of the blocks of layer i; and Eᵀ G̃ᵀ y at the end. */
function backwards(chain: PlainChain, y: readonly number[]): { readonly signals: readonly number[][]; readonly input: number[] } {
  const signals: number[][] = [];
  const input = chain.permutations.reduceRight((c, π, i) => {
    signals[i] = c;
    const z = blocksTimes(chain, i, c, true);
    const x = new Array<number>(chain.width).fill(0);
    π.forEach((from, j) => {
      x[from] = z[j] as number;
    });
    return x;
  }, y as number[]);
  return { signals, input: input.slice(0, chain.n) };
}

/** G v = α₀ Eᵀ G̃ᵀ G̃ E v */
export const applyPlain = (chain: PlainChain, v: ArrayLike<number>): number[] =>
  backwards(chain, forwards(chain, v).output).input.map((x) => chain.alpha0 * x);

/**
 * The hypergradient −∂(gᵀ G(θ) m)/∂θ in closed form. gᵀ G m = α₀ ⟨G̃ E g, G̃ E m⟩, so with the layer inputs zᵢ and the signals cᵢ that are propagated
 * back from the other vector's output,
 *   ∂ℓ/∂Bᵢ = −α₀ (cᵢ(g) zᵢ(m)ᵀ + cᵢ(m) zᵢ(g)ᵀ), block by block.
 */
export function hypergradientPlain(chain: PlainChain, g: ArrayLike<number>, m: ArrayLike<number>): number[] {
  const { k, width, alpha0, permutations } = chain;
  const [ofG, ofM] = [forwards(chain, g), forwards(chain, m)];
  const [backG, backM] = [backwards(chain, ofG.output).signals, backwards(chain, ofM.output).signals];
  return permutations.flatMap((_, i) =>
    Array.from({ length: width * k }, (_, entry) => {
      const row = Math.floor(entry / k);
      const col = row - (row % k) + (entry % k);
      const at = (layers: readonly number[][], j: number): number => layers[i]?.[j] as number;
      return -alpha0 * (at(backG, row) * at(ofM.inputs, col) + at(backM, row) * at(ofG.inputs, col));
    }),
  );
}
