import { array, pow, vector } from "@lodo/tensor";

/** How a curve of losses is thinned: every evaluation, or means over consecutive windows. */
export type Windows = { readonly spacing: "each" } | { readonly spacing: "log" | "linear"; readonly count: number };

/** The last evaluation of every window over evaluations 1 … T: increasing, ending at T. Logarithmic windows shorter than one are joined. */
export function windowEnds(T: number, windows: Windows): readonly number[] {
  if (windows.spacing === "each") return Array.from({ length: T }, (_, i) => i + 1);
  const fractions = Array.from({ length: windows.count }, (_, i) => (i + 1) / windows.count);
  const ends = windows.spacing === "linear" ? fractions.map((f) => f * T) : array(pow(vector(fractions.map(() => T)), vector(fractions)));
  return [...new Set(Array.from(ends, Math.round))].filter((end) => end >= 1);
}

/**
 * The evaluations that the paper scores, 0.9 T < i < T, first and last. Its text has the last 10% of training (Appendix E), and steps 180 to 200 of 200
 * (Table 8); both ends are left out as in the authors' code.
 */
export const scoreWindow = (T: number): readonly [first: number, last: number] => [Math.floor((9 * T) / 10) + 1, T - 1];
