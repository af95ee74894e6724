import type { Matrix as Dense } from "ml-matrix";
import type { Drive } from "./errorDynamics.ts";

export interface ErrorStart extends Pick<Drive, "H"> {
  readonly A: Dense;
}

/** How b moves: by A_t as in (6), or by another matrix. */
export interface Variation {
  /** What takes b_t to b_{t+1} + s_t in place of A_t: with A_{t₀}, (6) becomes (7). */
  readonly driver?: Dense;
  /** b_{t₀}, 0 unless told. */
  readonly b?: readonly number[];
}

/** A after each of the given numbers of steps of (5), in plain arithmetic, along the steps s_t of the centre. */
export function errorTrajectory(
  start: ErrorStart,
  alpha: number,
  noise: readonly (readonly number[])[],
  at: readonly number[],
  { driver, b: b0 }: Variation = {},
): readonly (readonly number[])[] {
  const n = start.A.rows;
  const [A, H, D] = [start.A.to1DArray(), start.H.to1DArray(), driver?.to1DArray()];
  const times = (M: readonly number[], v: readonly number[]): number[] => {
    const image: number[] = [];
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (M[i * n + j] as number) * (v[j] as number);
      image.push(sum);
    }
    return image;
  };
  let b: readonly number[] = b0 ?? new Array<number>(n).fill(0);
  const reached: number[][] = [];
  for (const [t, s] of noise.entries()) {
    // (6)  b_{t+1} = A_t b_t − s_t
    const next = times(D ?? A, b).map((Ab, i) => Ab - (s[i] as number));
    // (5)  A_{t+1} = A_t − α (H b_{t+1}) (H² b_t)ᵀ
    const [left, right] = [times(H, next), times(H, times(H, b))];
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) A[i * n + j] = (A[i * n + j] as number) - alpha * (left[i] as number) * (right[j] as number);
    b = next;
    if (at.includes(t + 1)) reached.push([...A]);
  }
  return reached;
}
