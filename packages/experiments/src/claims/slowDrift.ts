import { createRng, portable } from "@lodo/tensor";
import fc from "fast-check";
import { Matrix as Dense } from "ml-matrix";
import {
  type ErrorDynamics,
  type ErrorDynamicsCase,
  errorDynamicsAt,
  errorDynamicsCases,
  spectralNorm,
} from "./apparatus/errorDynamics.ts";
import { errorTrajectory, type Variation } from "./apparatus/errorTrajectory.ts";
import { boundedNoiseFamilies, drawNoise, largestNoise, type NoiseFamily } from "./apparatus/noiseFamilies.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case extends ErrorDynamicsCase {
  readonly noise: NoiseFamily;
}

/** What stands in for (6) in A′, and how much of α it has. */
interface Approximation extends Variation {
  readonly rate?: number;
}

type Subject = (dynamics: ErrorDynamics) => Approximation;

/** (7): A_{t₀} in place of A_t. */
const frozen: Subject = ({ A }) => ({ driver: A });

/** ‖A_t − A′_t‖₂ after each of the given numbers of steps. */
function deviations(
  dynamics: ErrorDynamics,
  { rate = 1, ...variation }: Approximation,
  alpha: number,
  noise: readonly (readonly number[])[],
  at: readonly number[],
): number[] {
  const [real, approximate] = [errorTrajectory(dynamics, alpha, noise, at), errorTrajectory(dynamics, rate * alpha, noise, at, variation)];
  const n = dynamics.A.rows;
  return real.map((A, i) =>
    spectralNorm(
      Dense.from1DArray(
        n,
        n,
        A.map((a, j) => a - (approximate[i]?.[j] as number)),
      ),
    ),
  );
}

/** Lengths of the trajectory in steps, each twice the one before. */
const lengths = [8, 16, 32, 64, 128, 256];

/** How far a measured order may be from 2: up to r = (1 − a)/(8 B²), where ‖A − A_{t₀}‖ ≤ (1 − a)/2, the next order is a small part of it. */
const orderTolerance = 0.25;

export const slowDrift: Claim = defineClaim<Case, Subject>({
  id: "slow-drift",
  reference: "Theorem A.1",
  statement:
    "With bounded noise, A by (5) and (6) and A′ by (5) and (7) from the same start part by O(r²) in r/α steps, so that (1/r)‖A − A′‖₂ → 0. Made explicit: with " +
    "a = ‖A_{t₀}‖₂ < 1 and ‖b_{t₀}‖ ≤ B = sup‖s‖/(1 − a), the deviation is at most 24 ‖H‖⁶ B⁴ r²/(1 − a) up to r = (1 − a)/(8 ‖H‖³ B²). Halving α and r " +
    "together divides it by 4, for any number of steps.",
  status: "proved",
  cases: fc.tuple(errorDynamicsCases, fc.constantFrom(...boundedNoiseFamilies)).map(([c, noise]) => ({ ...c, n: Math.max(2, c.n), noise })),
  runs: 60,
  subject: frozen,
  wrong: {
    "a missing transpose: Aᵀ drives b′": ({ A }) => ({ driver: A.transpose() }),
    "a sign: −A drives b′": ({ A }) => ({ driver: Dense.mul(A, -1) }),
    "a wrong α: A′ learns 1.01 times as fast": ({ A }) => ({ driver: A, rate: 1.01 }),
    "another start of b′": ({ A }) => ({ driver: A, b: new Array<number>(A.rows).fill(0.01) }),
  },
  margin(c, approximation) {
    const dynamics = errorDynamicsAt(c);
    const [rng, a, most] = [createRng(c.seed).split("noise"), c.size, lengths.at(-1) as number];
    const noise = Array.from({ length: most }, () => dynamics.L.mmul(Dense.columnVector(drawNoise(rng, c.noise, c.n))).to1DArray());
    // ‖H‖₂ = ‖L‖₂ = 1, so that ‖s‖ ≤ √n sup|ξ|.
    const B = (Math.sqrt(c.n) * largestNoise[c.noise]) / (1 - a);
    const furthest = (1 - a) / (8 * B * B);
    const part = (alpha: number): number[] => deviations(dynamics, approximation(dynamics), alpha, noise, lengths);
    // ‖A − A′‖₂ ≤ 24 ‖H‖⁶ B⁴ r²/(1 − a): while ‖A − A_{t₀}‖ ≤ (1 − a)/2, ‖b‖ ≤ 2 B; so ‖A − A_{t₀}‖ ≤ 4 B² r, ‖b − b′‖ ≤ 8 B³ r/(1 − a), and each of the
    // r/α steps adds at most α (2 B + B) ‖b − b′‖.
    const bound = (r: number): number => (24 * B ** 4 * r * r) / (1 - a);
    const α = furthest / most;
    const [once, twice] = [part(α / 2), part(α)];
    const bounded = twice.map((deviation, i) => 1 - deviation / bound(α * (lengths[i] as number)));
    const orders = once.map((deviation, i) =>
      equalityMargin(Math.abs(portable.log((twice[i] as number) / deviation) / Math.LN2 - 2), orderTolerance),
    );
    return Math.min(...bounded, ...orders);
  },
});
