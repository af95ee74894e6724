import { portable } from "@lodo/tensor";
import { summarize } from "./row.ts";

const { atan } = portable;

/**
 * The probability that |t| ≤ x, of Student's distribution with ν degrees of freedom, an integer (Abramowitz & Stegun 26.7.3 and 26.7.4, where θ is
 * atan(x/√ν)).
 */
export function studentWithin(x: number, ν: number): number {
  const tan = x / Math.sqrt(ν);
  const cos = 1 / Math.sqrt(1 + tan * tan);
  const sin = tan * cos;
  // 1 + c₁ cos² θ + c₂ cos⁴ θ + …, with every c the last times (2k − 1)/2k, or 2k/(2k + 1)
  const odd = ν % 2;
  let [term, sum] = [1, 0];
  for (let k = 1; 2 * k <= ν - odd; k++) {
    sum += term;
    term *= ((2 * k - 1 + odd) / (2 * k + odd)) * cos * cos;
  }
  return odd === 0 ? sin * sum : (2 / Math.PI) * (atan(tan) + sin * cos * sum);
}

/** The x with |t| ≤ x in a share `level` of all cases, above 0 and below 1, to a few ε: by bisection. ν is an integer of at least 1. */
export function studentQuantile(level: number, ν: number): number {
  let [low, high] = [0, 1];
  while (studentWithin(high, ν) < level) high *= 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentWithin(middle, ν) < level) low = middle;
    else high = middle;
  }
}

/** A mean with half the width of its interval. */
export interface Interval {
  readonly mean: number;
  /** Infinite for a single value, which says nothing of its spread. */
  readonly half: number;
}

/** The mean of independent values and its confidence interval by Student's t, which is exact where the values are normal. Null for no values. */
export function studentInterval(values: readonly number[], level: number): Interval | null {
  const { mean, std } = summarize(values);
  if (mean === null) return null;
  const n = values.length;
  return { mean, half: std === null ? Number.POSITIVE_INFINITY : (studentQuantile(level, n - 1) * std) / Math.sqrt(n) };
}
