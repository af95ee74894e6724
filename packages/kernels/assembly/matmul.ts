import { addMul, lanes, loadSplat } from "./lanes";

// C = A B in tiles of four rows by two vectors that stay in registers. B is packed into panels of two vectors' width, [k][width], zero
// where B ends; A is read in place, so that transposing costs nothing. Strides are in bytes.

const ROWS: i32 = 4;

/** How many columns a panel has. */
// @ts-ignore: decorator
@inline
function panelWidth<T>(): i32 {
  return 2 * lanes<T>();
}

/** Numbers that the packed B takes. */
// @ts-ignore: decorator
@inline
export function packedSize<T>(K: i32, N: i32): i32 {
  const width = panelWidth<T>();
  return ((N + width - 1) / width) * width * K;
}

export function pack<T>(b: usize, rowStride: usize, colStride: usize, K: i32, N: i32, out: usize): void {
  const width = panelWidth<T>();
  for (let j = 0; j < N; j += width) {
    const cols = min(width, N - j);
    let row = b + <usize>j * colStride;
    for (let k = 0; k < K; k++) {
      if (cols == width && colStride == sizeof<T>()) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
      } else {
        let at = row;
        for (let t = 0; t < width; t++) {
          store<T>(out + <usize>t * sizeof<T>(), t < cols ? load<T>(at) : <T>0);
          at += colStride;
        }
      }
      row += rowStride;
      out += <usize>width * sizeof<T>();
    }
  }
}

/** Four rows of A, `aRow` apart, times a panel. */
function tile<T>(a: usize, aRow: usize, aCol: usize, panel: usize, K: i32, c: usize, cRow: usize): void {
  let c00 = v128.splat<T>(<T>0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  for (let k = 0; k < K; k++) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    const x0 = loadSplat<T>(a0);
    c00 = addMul<T>(c00, x0, b0);
    c01 = addMul<T>(c01, x0, b1);
    const x1 = loadSplat<T>(a1);
    c10 = addMul<T>(c10, x1, b0);
    c11 = addMul<T>(c11, x1, b1);
    const x2 = loadSplat<T>(a2);
    c20 = addMul<T>(c20, x2, b0);
    c21 = addMul<T>(c21, x2, b1);
    const x3 = loadSplat<T>(a3);
    c30 = addMul<T>(c30, x3, b0);
    c31 = addMul<T>(c31, x3, b1);
    a0 += aCol;
    a1 += aCol;
    a2 += aCol;
    a3 += aCol;
    panel += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/** Rows `from` to `to` of C, [M, N] dense, from a packed B. `scratch` holds one tile, for the edges. */
export function multiply<T>(
  a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, from: i32, to: i32, N: i32, K: i32, scratch: usize,
): void {
  const width = panelWidth<T>();
  const cRow = <usize>N * sizeof<T>();
  for (let j = 0; j < N; j += width) {
    const panel = packed + <usize>(j * K) * sizeof<T>();
    const cols = min(width, N - j);
    for (let i = from; i < to; i += ROWS) {
      const rows = min(ROWS, to - i);
      const at = a + <usize>i * aRow;
      const corner = c + <usize>i * cRow + <usize>j * sizeof<T>();
      if (rows == ROWS && cols == width) {
        tile<T>(at, aRow, aCol, panel, K, corner, cRow);
        continue;
      }
      for (let r = 0; r < rows; r++) {
        // A row at a time: all four of the tile are this one.
        tile<T>(at + <usize>r * aRow, 0, aCol, panel, K, scratch, 0);
        memory.copy(corner + <usize>r * cRow, scratch, <usize>cols * sizeof<T>());
      }
    }
  }
}
