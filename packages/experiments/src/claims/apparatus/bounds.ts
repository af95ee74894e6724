/** The margin of value ≤ bound: how far below it stays, as a part of the bound; 1 at best, also where the value is negative. */
export const boundMargin = (value: number, bound: number): number =>
  Number.isNaN(value) ? Number.NEGATIVE_INFINITY : Math.min(1, (bound - value) / Math.abs(bound));

/** Mean and its standard error. */
export function sampleMean(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const T = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / T;
  return { mean, error: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (T - 1) / T) };
}
