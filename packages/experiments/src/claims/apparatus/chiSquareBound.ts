/** Σ aᵢ zᵢ² for independent standard normal zᵢ, by what its tails depend on. */
export interface ChiSquareSum {
  /** Σ aᵢ */
  readonly mean: number;
  /** 2 Σ aᵢ² */
  readonly variance: number;
  /** max aᵢ, or more. */
  readonly largest: number;
}

/** −log of the probability that either bound below is broken: 2 · 10⁻⁹. */
const t = 20;

/** How far such a sum may come from its mean on either side, each with probability e⁻²⁰ of more (Laurent & Massart 2000, Lemma 1). */
export const chiSquareTolerance = ({ variance, largest }: ChiSquareSum): { readonly above: number; readonly below: number } => {
  // 2 ‖a‖ √t with 2 ‖a‖² = the variance
  const spread = Math.sqrt(2 * variance * t);
  return { above: spread + 2 * largest * t, below: spread };
};

/** The margin of an observed sum: 1 at the mean, 0 where the bound is. */
export function chiSquareMargin(observed: number, sum: ChiSquareSum): number {
  const { above, below } = chiSquareTolerance(sum);
  const margin = observed > sum.mean ? 1 - (observed - sum.mean) / above : 1 - (sum.mean - observed) / below;
  return Number.isNaN(margin) ? Number.NEGATIVE_INFINITY : margin;
}
