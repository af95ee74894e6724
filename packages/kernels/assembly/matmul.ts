import { addMul, lanes, loadSplat } from "./lanes";
import { own } from "./own";

// C = A B for at least four rows, in tiles of four rows by two vectors that stay in registers, or by one where the columns end. B is packed into
// panels as wide as a tile, [k][width]. The last tile and the last panel begin early enough to end where C does: what two of them cover is computed
// twice, to the same bits, and nothing is computed at an edge by other code than inside. Each entry is summed in the order of k. Strides are in bytes.

const ROWS: i32 = 4;

/** How many columns a full panel has. */
// @ts-ignore: decorator
@inline
function panelWidth<T>(): i32 {
  return 2 * lanes<T>();
}

/** The width of the panel that covers column `j` and those after it. */
// @ts-ignore: decorator
@inline
function widthAt<T>(j: i32, N: i32): i32 {
  const left = N - j;
  return left > lanes<T>() && (left >= panelWidth<T>() || N >= panelWidth<T>()) ? panelWidth<T>() : lanes<T>();
}

/** Where it begins: at `j`, or earlier where the columns end. */
// @ts-ignore: decorator
@inline
function panelStart(j: i32, width: i32, N: i32): i32 {
  return max(0, min(j, N - width));
}

/** B in panels, one after the other; a panel that is wider than B ends in zeros. */
export function pack<T>(b: usize, rowStride: usize, colStride: usize, K: i32, N: i32, out: usize): void {
  for (let j = 0; j < N; ) {
    const width = widthAt<T>(j, N);
    const start = panelStart(j, width, N);
    packPanel<T>(b + <usize>start * colStride, rowStride, colStride, K, min(width, N), width, out);
    out += <usize>(K * width) * sizeof<T>();
    j += width;
  }
}

function packPanel<T>(b: usize, rowStride: usize, colStride: usize, K: i32, cols: i32, width: i32, out: usize): void {
  if (colStride == sizeof<T>() && cols == width) {
    const wide = width > lanes<T>();
    for (let k = 0; k < K; k++) {
      v128.store(out, v128.load(b));
      if (wide) v128.store(out, v128.load(b, 16), 16);
      b += rowStride;
      out += <usize>width * sizeof<T>();
    }
    return;
  }
  for (let k = 0; k < K; k++) {
    let at = b;
    for (let t = 0; t < width; t++) {
      store<T>(out, t < cols ? load<T>(at) : <T>0);
      at += colStride;
      out += sizeof<T>();
    }
    b += rowStride;
  }
}

/** Four rows of A, `aRow` apart, times a panel of two vectors. */
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

/** Four rows of A times a panel of one vector. */
function narrowTile<T>(a: usize, aRow: usize, aCol: usize, panel: usize, K: i32, c: usize, cRow: usize): void {
  let c0 = v128.splat<T>(<T>0), c1 = c0, c2 = c0, c3 = c0;
  let a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  for (let k = 0; k < K; k++) {
    const b = v128.load(panel);
    c0 = addMul<T>(c0, loadSplat<T>(a0), b);
    c1 = addMul<T>(c1, loadSplat<T>(a1), b);
    c2 = addMul<T>(c2, loadSplat<T>(a2), b);
    c3 = addMul<T>(c3, loadSplat<T>(a3), b);
    a0 += aCol;
    a1 += aCol;
    a2 += aCol;
    a3 += aCol;
    panel += 16;
  }
  v128.store(c, c0);
  v128.store(c + cRow, c1);
  v128.store(c + 2 * cRow, c2);
  v128.store(c + 3 * cRow, c3);
}

/** Where the tile that covers row `i` begins, of rows that end at `end`. */
// @ts-ignore: decorator
@inline
function tileStart(i: i32, end: i32): i32 {
  return max(0, min(i, end - ROWS));
}

/** Columns of A that are copied at a time, so that lines of the cache are read to their end. */
const COLUMNS: i32 = 16;

/** Rows of A in tiles, one after the other, each [k][row]. */
function packRows<T>(a: usize, aRow: usize, aCol: usize, from: i32, to: i32, K: i32, out: usize): void {
  for (let k = 0; k < K; k += COLUMNS) {
    const end = min(k + COLUMNS, K);
    let tile = out;
    for (let i = from; i < to; i += ROWS) {
      copyColumns<T>(a + <usize>tileStart(i, to) * aRow + <usize>k * aCol, aRow, aCol, end - k, tile + <usize>(k * ROWS) * sizeof<T>());
      tile += <usize>(ROWS * K) * sizeof<T>();
    }
  }
}

function copyColumns<T>(a: usize, aRow: usize, aCol: usize, count: i32, out: usize): void {
  const dense = aRow == sizeof<T>();
  for (let k = 0; k < count; k++) {
    if (dense) {
      v128.store(out, v128.load(a));
      if (sizeof<T>() == 8) v128.store(out, v128.load(a, 16), 16);
    } else {
      store<T>(out, load<T>(a));
      store<T>(out, load<T>(a + aRow), sizeof<T>());
      store<T>(out, load<T>(a + 2 * aRow), 2 * sizeof<T>());
      store<T>(out, load<T>(a + 3 * aRow), 3 * sizeof<T>());
    }
    out += ROWS * sizeof<T>();
    a += aCol;
  }
}

/**
 * Rows `from` to `to` of C, [M, N] dense, from a packed B; M ≥ 4. They are walked in blocks of `blockRows`, a multiple of 4, whose part of A stays in the
 * cache while the panels pass; it is copied there where `rows` is an address and not 0. `edge` holds four vectors. Both are a thread's own.
 */
export function multiply<T>(
  a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, from: i32, to: i32, N: i32, K: i32, blockRows: i32, rows: usize, edge: usize,
): void {
  const cRow = <usize>N * sizeof<T>();
  for (let top = from; top < to; top += blockRows) {
    const bottom = min(top + blockRows, to);
    if (rows) packRows<T>(a, aRow, aCol, top, bottom, K, own(rows));
    let panel = packed;
    for (let j = 0; j < N; ) {
      const width = widthAt<T>(j, N);
      const column = c + <usize>panelStart(j, width, N) * sizeof<T>();
      let copy = own(rows);
      for (let i = top; i < bottom; i += ROWS) {
        const start = tileStart(i, bottom);
        const at = rows ? copy : a + <usize>start * aRow;
        const rowStride = rows ? sizeof<T>() : aRow;
        const colStride = rows ? <usize>ROWS * sizeof<T>() : aCol;
        const corner = column + <usize>start * cRow;
        if (width > lanes<T>()) tile<T>(at, rowStride, colStride, panel, K, corner, cRow);
        else if (N >= width) narrowTile<T>(at, rowStride, colStride, panel, K, corner, cRow);
        else {
          narrowTile<T>(at, rowStride, colStride, panel, K, own(edge), 16);
          for (let r = 0; r < ROWS; r++) memory.copy(corner + <usize>r * cRow, own(edge) + <usize>r * 16, cRow);
        }
        copy += <usize>(ROWS * K) * sizeof<T>();
      }
      panel += <usize>(K * width) * sizeof<T>();
      j += width;
    }
  }
}

export function pack_f32(b: usize, rowStride: usize, colStride: usize, K: i32, N: i32, out: usize): void {
  pack<f32>(b, rowStride, colStride, K, N, out);
}
export function pack_f64(b: usize, rowStride: usize, colStride: usize, K: i32, N: i32, out: usize): void {
  pack<f64>(b, rowStride, colStride, K, N, out);
}
export function multiply_f32(
  a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, from: i32, to: i32, N: i32, K: i32, blockRows: i32, rows: usize, edge: usize,
): void {
  multiply<f32>(a, aRow, aCol, packed, c, from, to, N, K, blockRows, rows, edge);
}
export function multiply_f64(
  a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, from: i32, to: i32, N: i32, K: i32, blockRows: i32, rows: usize, edge: usize,
): void {
  multiply<f64>(a, aRow, aCol, packed, c, from, to, N, K, blockRows, rows, edge);
}
