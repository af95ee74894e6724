import type { Swaps } from "@lodo/preconditioner";

/** What M layers bring to each unit when their blocks swap as chosen: y = B P x on labels, in plain arrays. */
export function performed(P: readonly Int32Array[], swaps: Swaps): readonly number[] {
  let held = Array.from(P[0] as Int32Array, (_, i) => i);
  for (const [i, Pᵢ] of P.entries()) {
    const moved = Array.from(Pᵢ, (from) => held[from] as number);
    held = moved.map((_, q) => moved[swaps[i]?.[q >> 1] === 1 ? q ^ 1 : q] as number);
  }
  return held;
}

export const performs = (P: readonly Int32Array[], swaps: Swaps, target: Int32Array): boolean =>
  performed(P, swaps).every((content, q) => content === target[q]);

/** Layers up to the last in which a block swaps. */
export const layersUsed = (swaps: Swaps): number => swaps.findLastIndex((layer) => layer.includes(1)) + 1;
