import { blockPermutation, hiddenWidth } from "@lodo/preconditioner";
import { array, createRng } from "@lodo/tensor";
import { uniformNumbers } from "../../data.ts";

/** Layers, and the side of a block: the paper's. */
export const N = 16;
export const K = 4;

/** LODO in the middle of a run at dimension n: numbers of every kind that a step takes. */
export interface Setting {
  readonly n: number;
  /** ñ, the hidden units. */
  readonly width: number;
  readonly permutations: readonly Int32Array[];
  /** [N, ñ/k, k, k] */
  readonly thetaShape: readonly [number, number, number, number];
  readonly theta: ArrayLike<number>;
  readonly m: Float32Array;
  readonly g: Float32Array;
  /** A gradient by θ, and Adam's two moments of it. */
  readonly hypergradient: Float32Array;
  readonly mu: Float32Array;
  readonly nu: Float32Array;
}

export function lodoSetting(n: number): Setting {
  const rng = createRng(1);
  const G = blockPermutation({ dim: n, depth: N, blockSize: K, rng: rng.split("structure") });
  const theta = G.init(rng.split("theta"));
  const width = hiddenWidth(n, K);
  return {
    n,
    width,
    permutations: G.fixed["permutations"] as readonly Int32Array[],
    thetaShape: [N, width / K, K, K],
    theta: array(theta),
    m: uniformNumbers(n, 2),
    g: uniformNumbers(n, 3),
    hypergradient: uniformNumbers(theta.size, 4),
    mu: uniformNumbers(theta.size, 5),
    nu: uniformNumbers(theta.size, 6).map(Math.abs),
  };
}
