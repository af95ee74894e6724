import { type Layers, matrixOperator, type Preconditioner } from "@lodo/preconditioner";
import { add, eye, type Matrix, matmul, pad, reshape, scale, slice, tensor, transpose } from "@lodo/tensor";

/** P as a matrix: (P x)ᵢ = x_{π(i)}. */
function permutationMatrix(π: Int32Array): Matrix {
  const n = π.length;
  const entries = new Float64Array(n * n);
  π.forEach((j, i) => {
    entries[i * n + j] = 1;
  });
  return tensor(entries, [n, n]);
}

/** B(θᵢ) as a matrix of ñ × ñ: the blocks in their places, among zeros. */
function blockMatrix(θ: Layers, i: number): Matrix {
  const [, b, k] = θ.shape;
  const placed = Array.from({ length: b }, (_, j) => {
    const block = reshape(slice(θ, { start: [i, j, 0, 0], stop: [i + 1, j + 1, k, k] }), [k, k]);
    return pad(block, { before: [j * k, j * k], after: [(b - 1 - j) * k, (b - 1 - j) * k] });
  });
  return placed.reduce((A, B) => add(A, B));
}

/** G(θ) = α₀ Eᵀ G̃ᵀ G̃ E with every factor a full matrix, multiplied out. */
export function denseMatrix({ dim: n, alpha0, fixed }: Preconditioner<Layers>, θ: Layers): Matrix {
  const P = fixed["permutations"] ?? [];
  const width = θ.shape[1] * θ.shape[2];
  const G̃ = P.reduce((A, π, i) => matmul(blockMatrix(θ, i), matmul(permutationMatrix(π), A)), eye(width));
  const E = slice(eye(width), { stop: [width, n] });
  const G̃E = matmul(G̃, E);
  return scale(alpha0, matmul(transpose(G̃E), G̃E));
}

/** The same family of operators and the same θ, with G(θ) held as a matrix: nothing of the structured computation is used. */
export const denseTwin = (G: Preconditioner<Layers>): Preconditioner<Layers> => ({ ...G, at: (θ) => matrixOperator(denseMatrix(G, θ)) });
