import { ArgumentError, ShapeError, tensor } from "@lodo/tensor";
import { checkPermutation } from "../atoms.ts";
import type { Layers } from "../chain.ts";
import { exactRouter } from "./exactRouter.ts";
import { outOfReach } from "./outOfReach.ts";
import { plan, type Run, runsOf } from "./plan.ts";
import type { Router, Swaps } from "./router.ts";
import { checkNetwork, leastWidth, type SparseMatrix } from "./sparseMatrix.ts";
import { layersEnough, splittingRouter } from "./splittingRouter.ts";

export interface CompileOptions {
  /** κ, the largest fan-in and fan-out allowed; without it any is. */
  readonly maxFan?: number;
  /** How permutations are routed: `exactRouter` up to 8 units and `splittingRouter()` above, unless told. */
  readonly router?: Router;
}

export interface CompiledNetwork {
  /** θ of `chain(permutations, θ)`, [N, ñ/2, 2, 2]. */
  readonly theta: Layers;
  /** How many layers each permutation of the construction took, the last with what was left over. */
  readonly runs: readonly number[];
}

/**
 * θ with G̃(θ) = B(θ_N) P_N ⋯ B(θ₁) P₁ equal to a sparse linear network A_d ⋯ A₁, for given permutations of ñ units: Theorem 4.2 as an algorithm
 * (Appendix C). Matrices smaller than ñ × ñ stand in its upper left corner; the other rows and columns become zero.
 *
 * The paper takes 2d(⌈log₂κ⌉ + 1) runs of permutations; here neighbouring ones are joined, and at most 2d⌈log₂κ⌉ + 1 are left.
 * @throws ShapeError if widths do not fit, ArgumentError if a matrix has more than ñ connections or a fan above κ, or if the layers do not suffice;
 * each says what would do.
 */
export function compileNetwork(
  network: readonly SparseMatrix[],
  permutations: readonly Int32Array[],
  { maxFan = Number.POSITIVE_INFINITY, router }: CompileOptions = {},
): CompiledNetwork {
  const op = "compileNetwork";
  if (!(maxFan >= 1)) throw new ArgumentError(op, `maxFan must be a number of at least 1, got ${maxFan}`);
  const [N, ñ] = [permutations.length, permutations[0]?.length ?? 0];
  if (N === 0) throw new ArgumentError(op, `expected at least one layer, got none; ${enough(network, leastWidth(network))}`);
  for (const P of permutations) checkPermutation(op, P, ñ);
  if (ñ % 2 !== 0) throw new ShapeError(op, `2×2 blocks need an even width, got ñ = ${ñ}; ${ñ + 1} would do`);
  checkNetwork(op, network, ñ, maxFan);
  const route = router ?? (ñ <= 8 ? exactRouter : splittingRouter());
  const runs = plan(network, ñ);
  const θ = new Float64Array(N * ñ * 2);
  const lengths: number[] = [];
  let done = 0;
  for (const [r, run] of runs.entries()) {
    const swaps = shortest(route, run.target, permutations.slice(done), runs.length - r);
    if (!swaps) {
      const lack = `${N} layers are not enough: ${done} of them take ${r} of ${runs.length} permutations, and the ${N - done} left do not suffice`;
      const move = outOfReach(run.target, permutations.slice(done));
      const reason = move ? ` (whatever their blocks do, what unit ${move.from} holds does not come to unit ${move.to})` : "";
      throw new ArgumentError(op, `${lack}${reason}; ${enough(network, ñ)}`);
    }
    θ.set(layersOf(swaps, run), done * ñ * 2);
    done += swaps.length;
    lengths.push(swaps.length);
  }
  return { theta: tensor(θ, [N, ñ / 2, 2, 2]), runs: lengths };
}

const enough = (network: readonly SparseMatrix[], ñ: number): string =>
  `${layersEnough(ñ, runsOf(network))} uniformly random ones would do with probability 0.99`;

/**
 * The target by as few of the first layers as the router needs, trying more by an eighth each time, so that later runs have the more; the last run
 * takes all, because what follows it would move the outputs. An equal share of the layers is always tried, so that what is enough for every run is enough.
 */
function shortest(route: Router, target: Int32Array, permutations: readonly Int32Array[], runsLeft: number): Swaps | null {
  const most = permutations.length - (runsLeft - 1);
  if (runsLeft === 1) return most > 0 ? route(target, permutations) : null;
  const share = Math.floor(permutations.length / runsLeft);
  for (let M = 1; M <= most; M = next(M, share)) {
    const swaps = route(target, permutations.slice(0, M));
    if (swaps) return swaps;
  }
  return null;
}

function next(M: number, share: number): number {
  const more = M + 1 + (M >> 3);
  return M < share && more > share ? share : more;
}

/** A run's layers: blocks that swap or do not, and at the end the run's own blocks on top. */
function layersOf(swaps: Swaps, { blocks }: Run): Float64Array {
  const size = blocks.length;
  const θ = new Float64Array(swaps.length * size);
  for (const [i, layer] of swaps.entries()) {
    const own = i === swaps.length - 1 ? blocks : null;
    for (const [j, swap] of layer.entries()) {
      for (let row = 0; row < 2; row++) {
        for (let col = 0; col < 2; col++) {
          // B S with S = I or the swap: S only exchanges B's columns.
          const source = swap === 1 ? 1 - col : col;
          θ[i * size + 4 * j + 2 * row + col] = own ? (own[4 * j + 2 * row + source] as number) : Number(row === source);
        }
      }
    }
  }
  return θ;
}
