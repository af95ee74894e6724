import { LuDecomposition, Matrix } from "ml-matrix";
import type { Strided } from "../../dtype.ts";
import { ArgumentError } from "../../errors.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";

const rows = (x: Strided): Matrix => {
  const [m, n] = x.shape as [number, number];
  return new Matrix(Array.from({ length: m }, (_, i) => Float64Array.from({ length: n }, (_, j) => x.get(i, j))));
};

/** X with A X = B. A: [n, n], B: [n, m] → [n, m]. LU with partial pivoting, in float64. @throws ArgumentError if A is singular. */
export const solveKernel: Kernel<readonly [A: Strided, B: Strided], Strided> = defineKernel("solve", (A, B) => {
  const out = emptyStorage(B.shape, B.dtype);
  const [n, m] = B.shape as [number, number];
  if (out.size === 0) return out;
  const lu = new LuDecomposition(rows(A));
  if (lu.isSingular()) throw new ArgumentError("solve", `the ${n}×${n} matrix is singular`);
  const X = lu.solve(rows(B));
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out.set(i, j, X.get(i, j));
  return out;
});
