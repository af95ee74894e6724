import { createRng } from "@lodo/tensor";

/**
 * Whole numbers from −4 to 4. Sums of fewer than 2²⁰ products of two of them are exact in float32, in whatever order and with whatever vectors they are
 * taken: contenders must give the same numbers, not merely near ones.
 */
export function wholeNumbers(size: number, seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: size }, () => rng.integer(9) - 4);
}

/** Uniform on [−1, 1). */
export function uniformNumbers(size: number, seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: size }, () => 2 * rng.uniform() - 1);
}
