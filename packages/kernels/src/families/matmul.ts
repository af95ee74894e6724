import { type DType, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Machine } from "../machine.ts";

/** Columns of a panel, and bytes of a tile: see assembly/matmul.ts. */
const PANEL_BYTES = 32;
const TILE_BYTES = 4 * PANEL_BYTES;

/** C[b] = A[b] B[b]; any strides. */
export function matmulKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const pack = pick(machine.exports, "pack");
  const multiply = pick(machine.exports, "multiply");
  return {
    matmul(A: Strided, B: Strided): Strided {
      const [batch, M, K] = A.shape as [number, number, number];
      const N = B.shape[2] as number;
      const dtype = A.dtype as DType;
      const bytes = bytesOf(dtype);
      const C = emptyStorage([batch, M, N], dtype);
      machine.call(({ strided, result, scratch }) => {
        const [a, b, c] = [strided(A), strided(B), result(C)];
        const [aBatch, aRow, aCol] = a.stride as [number, number, number];
        const [bBatch, bRow, bCol] = b.stride as [number, number, number];
        const width = PANEL_BYTES / bytes;
        const packed = scratch(Math.ceil(N / width) * width * K * bytes);
        const tile = scratch(TILE_BYTES);
        for (let i = 0; i < batch; i++) {
          pack[dtype](b.at + i * bBatch, bRow, bCol, K, N, packed);
          multiply[dtype](a.at + i * aBatch, aRow, aCol, packed, c + i * M * N * bytes, 0, M, N, K, tile);
        }
      });
      return C;
    },
  };
}
