import { array, createArena, createRng, item, matmul, norm, normal, reshape, sub, tensor, tensorsIn } from "@lodo/tensor";
import { Matrix } from "ml-matrix";
import type { Workload } from "../contest.ts";

/** C = A B in float64, n × n. */
export function matmulWorkload(n: number): Workload {
  const rng = createRng(1);
  const [A, B] = [normal(rng, [n, n]), normal(rng, [n, n])];
  const [a, b] = [A, B].map((X) => Matrix.from1DArray(n, n, Array.from(array(X)))) as [Matrix, Matrix];
  const arena = createArena();
  return {
    name: `matmul ${n}`,
    work: (2 * n ** 3) / 1e9,
    unit: "GFLOP/s",
    contenders: [
      { name: "lodo", run: () => arena.run(() => void matmul(A, B), tensorsIn) },
      { name: "ml-matrix", run: () => void a.mmul(b) },
    ],
    check() {
      const theirs = reshape(tensor(a.mmul(b).to1DArray(), [n * n]), [n, n]);
      const ours = matmul(A, B);
      // Each entry is a sum of n products of order one.
      if (item(norm(sub(ours, theirs))) > n * 2 ** -50 * item(norm(ours))) throw new Error(`matmul ${n}: contenders disagree`);
    },
  };
}
