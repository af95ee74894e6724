import { type DType, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Frame, type Machine } from "../machine.ts";

/** Rows and columns of a tile, and its bytes: see assembly/matmul.ts. */
const ROWS = 4;
const PANEL_BYTES = 32;
/** Four sums of each column of a strip: see assembly/matvec.ts. */
const SUMS_BYTES = 4 * 256 * 8;
/** What a block of A may take: it is to stay in a core's cache of a MiB, beside the panels that pass. */
const BLOCK_BYTES = 2 ** 19;

/** Bytes of numbers that are multiplied and added in a nanosecond, about: 20 in float32. */
export const NUMBER_BYTES_PER_NANOSECOND = 80;

/** Strides of a matrix in bytes. */
interface Steps {
  readonly row: number;
  readonly col: number;
}

/** C[b] = A[b] B[b]; any strides. Below four rows, and for one column, as products of a vector and a matrix; which, the shape alone decides. */
export function matmulKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const pack = pick(machine.exports, "pack");
  const multiply = pick(machine.exports, "multiply");
  const packVector = pick(machine.exports, "packVector");
  const vectorTimesMatrix = pick(machine.exports, "vectorTimesMatrix");

  /** A batch of matrices, with rows or columns dense where they must be. */
  const placed = (frame: Frame, X: Strided, dense: boolean): { readonly at: number; readonly batch: number } & Steps => {
    const bytes = X.data.BYTES_PER_ELEMENT;
    const [, rows, cols] = X.shape as [number, number, number];
    const [, row, col] = X.stride as [number, number, number];
    const fits = !dense || row === 1 || col === 1 || rows === 1 || cols === 1;
    if (!fits) return { at: frame.dense(X), batch: rows * cols * bytes, row: cols * bytes, col: bytes };
    // Along an axis of extent 1 any stride will do: one that is dense is served.
    const { at, stride } = frame.strided(X);
    return {
      at,
      batch: stride[0] as number,
      row: rows === 1 ? bytes : (stride[1] as number),
      col: cols === 1 ? bytes : (stride[2] as number),
    };
  };

  return {
    matmul(A: Strided, B: Strided): Strided {
      const [batch, M, K] = A.shape as [number, number, number];
      const N = B.shape[2] as number;
      const dtype = A.dtype as DType;
      const bytes = bytesOf(dtype);
      const C = emptyStorage([batch, M, N], dtype);
      if (C.size === 0) return C;
      machine.call((frame) => {
        const column = N === 1;
        const rows = !column && M < ROWS;
        const a = placed(frame, A, column);
        const b = placed(frame, B, rows);
        const c = frame.result(C);
        if (column || rows) {
          const x = frame.scratch(Math.ceil(K / 4) * 4 * bytes);
          const sums = frame.scratch(SUMS_BYTES);
          for (let t = 0; t < batch; t++) {
            const [at, bt, ct] = [a.at + t * a.batch, b.at + t * b.batch, c + t * M * N * bytes];
            if (column) {
              packVector[dtype](bt, b.row, K, x);
              vectorTimesMatrix[dtype](x, at, a.col, a.row, ct, 0, M, K, sums);
            } else {
              for (let i = 0; i < M; i++) {
                packVector[dtype](at + i * a.row, a.col, K, x);
                vectorTimesMatrix[dtype](x, bt, b.row, b.col, ct + i * N * bytes, 0, N, K, sums);
              }
            }
          }
          return;
        }
        const width = PANEL_BYTES / bytes;
        const packed = frame.scratch(Math.ceil(N / width) * width * K * bytes);
        const blockRows = Math.max(ROWS, Math.floor(BLOCK_BYTES / Math.max(1, K * bytes * ROWS)) * ROWS);
        const copied = a.col !== bytes && N > width ? frame.own((Math.min(blockRows, M) + ROWS) * K * bytes) : 0;
        const edge = frame.own(ROWS * 16);
        const cost = { nanoseconds: (M * N * K * bytes) / NUMBER_BYTES_PER_NANOSECOND, grain: ROWS };
        for (let t = 0; t < batch; t++) {
          pack[dtype](b.at + t * b.batch, b.row, b.col, K, N, packed);
          const args = [a.at + t * a.batch, a.row, a.col, packed, c + t * M * N * bytes, 0, M, N, K, blockRows, copied, edge];
          frame.share(multiply[dtype], args, 5, M, cost);
        }
      });
      return C;
    },
  };
}
