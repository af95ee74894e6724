import type { Objective } from "@lodo/optim";
import { dot, type Matrix, matmul, matrix, mul, normal, type Rng, reshape, scale, slice, sub, sum, vector } from "@lodo/tensor";
import { Matrix as Dense, SingularValueDecomposition } from "ml-matrix";
import { toDense } from "./symmetricMatrix.ts";

/** A loss with a saddle at 0 that is not quadratic. */
export interface Saddle {
  readonly objective: Objective;
  /** H at the saddle. */
  readonly hessian: Dense;
  /** ‖∇ℓ(x) − H x‖ ≤ remainder ‖x‖³ */
  readonly remainder: number;
  /** The loss at the saddle, and the least loss. */
  readonly at: number;
  readonly least: number;
}

/** ℓ(a, b) = a² − b² + b⁴ in turned coordinates (a, b) = Q x: a saddle between two minima of −¼. */
export function quarticSaddle(rng: Rng): Saddle {
  const [u, v] = [rng.normal(), rng.normal()];
  const r = Math.sqrt(u * u + v * v);
  const [a, b] = [
    [u / r, v / r],
    [-v / r, u / r],
  ] as const;
  const H = Dense.columnVector([...a])
    .mmul(Dense.rowVector([...a]))
    .sub(Dense.columnVector([...b]).mmul(Dense.rowVector([...b])))
    .mul(2);
  return {
    objective: {
      value: (x) => {
        const [p, q] = [dot(vector(a), x), dot(vector(b), x)];
        return sub(mul(p, p), sub(mul(q, q), mul(mul(q, q), mul(q, q))));
      },
    },
    hessian: H,
    // The gradient of b⁴ is 4 b³, and |b| ≤ ‖x‖.
    remainder: 4,
    at: 0,
    least: -0.25,
  };
}

/**
 * A linear network with two inputs, h hidden units and two outputs: ℓ(W₁, W₂) = ½ ‖W₂ W₁ − T‖_F². Where all weights are 0 it has a saddle, with
 * ∂²ℓ/∂W₂[i,k] ∂W₁[k,j] = −T[i,j] and 0 elsewhere.
 */
export function networkSaddle(rng: Rng, h: number): Saddle {
  const T = toDense(normal(rng, [2, 2]));
  const H = Dense.zeros(4 * h, 4 * h);
  for (let k = 0; k < h; k++) {
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      const [w1, w2] = [2 * k + j, 2 * h + h * i + k];
      H.set(w1, w2, -T.get(i, j));
      H.set(w2, w1, -T.get(i, j));
    }
  }
  const σ = new SingularValueDecomposition(T).diagonal.map((s) => s * s);
  return {
    objective: {
      value: (x) => {
        const W1 = reshape(slice(x, { stop: [2 * h] }), [h, 2]) as Matrix;
        const W2 = reshape(slice(x, { start: [2 * h] }), [2, h]) as Matrix;
        const residual = sub(matmul(W2, W1), matrix(T.to2DArray()));
        return scale(0.5, sum(mul(residual, residual)));
      },
    },
    hessian: H,
    // The gradient's cubic part is (W₂ᵀW₂W₁, W₂W₁W₁ᵀ), no longer than ‖W₁‖‖W₂‖‖x‖ ≤ ½ ‖x‖³.
    remainder: 0.5,
    at: 0.5 * (σ[0] as number) + 0.5 * (σ[1] as number),
    least: h >= 2 ? 0 : 0.5 * Math.min(...σ),
  };
}
