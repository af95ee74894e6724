import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";

/** C[b] = A[b] B[b]. A: [b, m, k], B: [b, k, n] → C: [b, m, n]; any strides. Each entry is summed in float64, in the order of k. */
export const matmulKernel: Kernel<readonly [A: Strided, B: Strided], Strided> = defineKernel("matmul", (A, B) => {
  const [batch, m, k] = A.shape as [number, number, number];
  const n = B.shape[2] as number;
  const C = emptyStorage([batch, m, n], A.dtype);
  const { data: a, stride: sa } = A;
  const { data: b, stride: sb } = B;
  const [aBatch, aRow, aCol] = sa as [number, number, number];
  const [bBatch, bRow, bCol] = sb as [number, number, number];
  const c = C.data;
  const sums = new Float64Array(n);
  for (let t = 0; t < batch; t++) {
    for (let i = 0; i < m; i++) {
      const row = (t * m + i) * n;
      let atA = A.offset + t * aBatch + i * aRow;
      let atB = B.offset + t * bBatch;
      if (n === 1) {
        let sum = 0;
        for (let p = 0; p < k; p++, atA += aCol, atB += bRow) sum += (a[atA] as number) * (b[atB] as number);
        c[row] = sum;
        continue;
      }
      sums.fill(0);
      for (let p = 0; p < k; p++, atA += aCol, atB += bRow) {
        const x = a[atA] as number;
        for (let j = 0, at = atB; j < n; j++, at += bCol) sums[j] = (sums[j] as number) + x * (b[at] as number);
      }
      c.set(sums, row);
    }
  }
  return C;
});
