import { type GradientTransform, type LodoState, lodo } from "@lodo/optim";
import { blockPermutation, type Layers } from "@lodo/preconditioner";
import { array } from "@lodo/tensor";
import { advance, begin, streams } from "../../simulation.ts";
import { noisyQuadraticBowl } from "../../tasks/noisyQuadraticBowl.ts";
import { withArena } from "../../withArena.ts";

export interface BowlRunCase {
  readonly n: number;
  /** N */
  readonly depth: number;
  readonly steps: number;
  readonly seed: number;
}

/** What LODO comes to on the noisy bowl. */
export interface BowlRun {
  readonly losses: readonly number[];
  readonly x: readonly number[];
  readonly m: readonly number[];
  readonly θ: readonly number[];
}

/** LODO on the noisy bowl at noise σ, with the β and α₀ of Table 6: the same draws of everything at every σ. */
export function bowlRun({ n, depth, steps, seed }: BowlRunCase, σ: number, meta: GradientTransform<Layers, unknown>): BowlRun {
  const from = streams(seed);
  const task = noisyQuadraticBowl(from.problem, { dim: n, noise: σ });
  const optimizer = lodo(blockPermutation({ dim: n, depth, alpha0: 0.27, rng: from.structure }), { meta, beta: 0.195 });
  const losses: number[] = [];
  let snapshot = begin(task, optimizer, from);
  withArena((arena) => {
    for (let t = 0; t < steps; t++) {
      const next = advance(task, optimizer, snapshot, arena);
      losses.push(...next.losses);
      snapshot = next.snapshot;
    }
  });
  const { m, theta } = snapshot.optimizer as LodoState<Layers, unknown>;
  return { losses, x: [...array(snapshot.x)], m: [...array(m)], θ: [...array(theta)] };
}

/** α of Table 6. */
export const tunedRate = 0.00096;
