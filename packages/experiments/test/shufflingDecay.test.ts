import { createRng, portable } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { distance, distributions, lazyShuffle, sequence } from "../src/claims/apparatus/lazyShuffles.ts";
import { secondMoment, slowestFactor } from "../src/claims/apparatus/secondMoment.ts";

/** log ñ! − s(ñ, M ñ/2) for M = 1, 2, …, as means over sequences. */
function gaps(ñ: number, M: number, sequences: number): readonly number[] {
  const rng = createRng(77);
  const sums = Array.from({ length: M }, () => 0);
  for (let i = 0; i < sequences; i++) {
    for (const [m, p] of [...distributions(lazyShuffle, sequence(lazyShuffle, rng, ñ, M))].entries()) {
      const block = (2 * (m + 1)) / ñ;
      if (Number.isInteger(block)) sums[block - 1] = (sums[block - 1] as number) + distance(p).divergence;
    }
  }
  return sums.map((sum) => sum / sequences);
}

/** log y ≈ log a − b x by least squares. */
function exponentialFit(x: readonly number[], y: readonly number[]) {
  const logs = y.map(portable.log);
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [x̄, ȳ] = [mean(x), mean(logs)];
  const b = -mean(x.map((xᵢ, i) => (xᵢ - x̄) * ((logs[i] as number) - ȳ))) / mean(x.map((xᵢ) => (xᵢ - x̄) ** 2));
  const residuals = x.map((xᵢ, i) => (logs[i] as number) - (ȳ - b * (xᵢ - x̄)));
  return { a: portable.exp(ȳ + b * x̄), b, residual: Math.sqrt(mean(residuals.map((r) => r * r))) };
}

// The widths of the fits that the claim on shuffling entropy reports; what is rare among sequences keeps the last digits from settling.
describe.each([
  [4, 12, 1500, 3.7, 1.49],
  [6, 12, 500, 38, 1.98],
])("log ñ! − s(ñ, m) at ñ = %i", (ñ, M, sequences, amplitude, rate) => {
  const gap = gaps(ñ, M, sequences);
  const from = ñ / 2;
  const x = gap.map((_, i) => (i + 1) / 2);
  const { a, b, residual } = exponentialFit(x.slice(from), gap.slice(from));

  it("decays as the fit says, with small residuals", () => {
    expect(Math.abs(b / rate - 1)).toBeLessThan(0.08);
    expect(Math.abs(portable.log(a / amplitude))).toBeLessThan(0.35);
    expect(residual).toBeLessThan(0.15);
  });

  it.runIf(ñ > 4)("is no exponential from the first block on: the first decays half as fast", () => {
    expect(portable.log((gap[0] as number) / (gap[1] as number))).toBeLessThan((0.6 * b) / 2);
  });
});

it("the closed bound halves at each block in the end, as ñ grows", () => {
  for (const ñ of [8, 12, 16, 20]) expect(slowestFactor(ñ)).toBeCloseTo((ñ - 2) / (2 * (ñ - 1)), 12);
  expect(secondMoment(20, 41) / secondMoment(20, 40)).toBeCloseTo(slowestFactor(20), 6);
});
