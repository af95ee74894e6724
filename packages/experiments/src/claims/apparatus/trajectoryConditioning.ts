import type { Rng } from "@lodo/tensor";
import { length, minus } from "./plainVectors.ts";
import type { Structured } from "./structuredCases.ts";
import { type TwinPoint, type TwinRun, twinTrajectory } from "./twinTrajectory.ts";

/** ‖x − x′‖ + ‖θ − θ′‖ + |ℓ − ℓ′|/(1 + ℓ) at each step of two trajectories. */
export const distances = (a: readonly TwinPoint[], b: readonly TwinPoint[]): number[] =>
  a.map(({ x, θ, loss }, t) => {
    const other = b[t] as TwinPoint;
    return length(minus(x, other.x)) + length(minus(θ, other.θ)) + Math.abs(loss - other.loss) / (1 + loss);
  });

/** Far above rounding and far below everything else. */
const δ = 1e-9;

/**
 * κ_t: how much the trajectory has magnified a change by δ ‖x₀‖ and δ ‖θ₀‖, in three random directions, up to each step. It holds what Adam does to small
 * hypergradients, and what becomes of a trajectory that diverges.
 */
export function conditioning({ twin, rng }: Structured, run: TwinRun, plain: readonly TwinPoint[]): number[] {
  const moved = (rng: Rng, v: readonly number[]): number[] => v.map((vᵢ) => vᵢ + (δ * length(v) * rng.normal()) / Math.sqrt(v.length));
  const changes = [1, 2, 3].map((i) => {
    const u = rng.split("perturbation").split(i);
    return distances(plain, twinTrajectory(twin, { ...run, x0: moved(u, run.x0), θ0: moved(u, run.θ0) }));
  });
  let κ = 1;
  return plain.map((_, t) => {
    κ = Math.max(κ, ...changes.map((change) => (change[t] as number) / δ));
    return κ;
  });
}
