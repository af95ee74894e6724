import type { LinearOperator } from "@lodo/preconditioner";
import { div, item, type Matrix, matmul, norm, normal, type Rng, sub, type Vector } from "@lodo/tensor";

/** m vectors, uniform on the unit sphere in ℝⁿ. */
export function unitVectors(rng: Rng, m: number, n: number): readonly Vector[] {
  return Array.from({ length: m }, () => {
    const v = normal(rng, [n]);
    return div(v, norm(v)) as Vector;
  });
}

/**
 * ‖I − G H‖_F / √n as Figure 2 has it, estimated with unit vectors: for v uniform on the sphere, E ‖(I − G H) v‖² = ‖I − G H‖_F² / n.
 * H: [n, n]
 */
export function inverseHessianError(G: LinearOperator, H: Matrix, vectors: readonly Vector[]): number {
  let sum = 0;
  for (const v of vectors) {
    // (I − G H) v
    const residual = item(norm(sub(v, G.apply(matmul(H, v)))));
    sum += residual * residual;
  }
  return Math.sqrt(sum / vectors.length);
}
