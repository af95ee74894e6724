import { Images, clear, place } from "./images";
import { addMul, lanes, loadSplat } from "./lanes";

// The gradient of a convolution in its filter: for each row of a window a matrix product over all windows, [length, windows] × [windows,
// columns], in tiles of four numbers by two vectors (a last one by one vector where that is enough). The images fall into pieces whose
// number depends on shapes alone; each has sums of its own, and these are added in order.

const NUMBERS: i32 = 4;
const TILE_BYTES: usize = 128;
/** Windows that meet every tile before the next ones do: they and their cotangents stay in the first cache. */
const BLOCK: i32 = 128;

/** The fields as src/families/filterGradient.ts lists them; strides in bytes. */
@unmanaged
export class FilterGradient {
  /** Images in all, and how many make a piece. */
  images: i32;
  perPiece: i32;
  /** From window to window, and a window's rows, as in Windows. */
  down: usize;
  step: usize;
  rows: i32;
  line: usize;
  length: i32;
  /** Cotangents: from image to image, row to row, window to window. */
  ct: usize;
  ctImage: usize;
  ctRow: usize;
  ctStep: usize;
  tall: i32;
  wide: i32;
  columns: i32;
  /** Tiles of each piece, and the bytes that they take. */
  sums: usize;
  pieceBytes: usize;
  /** Result [rows · length, columns]. */
  out: usize;
  outRow: usize;
}

/** Sums of the pieces `from` to `to`. */
export function sumPieces<T>(x: Images, k: FilterGradient, from: i32, to: i32): void {
  clear<T>(x);
  const tall = max(1, BLOCK / k.wide);
  for (let p = from; p < to; p++) {
    const sums = k.sums + <usize>p * k.pieceBytes;
    memory.fill(sums, 0, k.pieceBytes);
    const end = min(k.images, (p + 1) * k.perPiece);
    for (let b = p * k.perPiece; b < end; b++) {
      const image = place<T>(x, b);
      const ct = k.ct + <usize>b * k.ctImage;
      for (let y = 0; y < k.tall; y += tall) {
        block<T>(k, image + <usize>y * k.down, ct + <usize>y * k.ctRow, min(tall, k.tall - y), sums);
      }
    }
  }
}

/** Adds some rows of windows of one image. */
function block<T>(k: FilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  for (let y = 0; y < k.rows; y++) {
    for (let j = 0; j < k.columns; j += 2 * lanes<T>()) {
      const narrow = k.columns - j <= lanes<T>();
      const at = ct + <usize>j * sizeof<T>();
      for (let i = 0; i < k.length; i += NUMBERS) {
        const corner = a + <usize>i * sizeof<T>();
        if (narrow) narrowTile<T>(corner, k.down, k.step, at, k.ctRow, k.ctStep, tall, k.wide, sums);
        else wideTile<T>(corner, k.down, k.step, at, k.ctRow, k.ctStep, tall, k.wide, sums);
        sums += TILE_BYTES;
      }
    }
    a += k.line;
  }
}

function wideTile<T>(
  a: usize, down: usize, step: usize, ct: usize, ctRow: usize, ctStep: usize, tall: i32, wide: i32, sums: usize,
): void {
  let c00 = v128.splat<T>(<T>0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let y = 0; y < tall; y++) {
    let x = a, g = ct;
    for (let i = 0; i < wide; i++) {
      const g0 = v128.load(g), g1 = v128.load(g, 16);
      const x0 = loadSplat<T>(x);
      c00 = addMul<T>(c00, x0, g0);
      c01 = addMul<T>(c01, x0, g1);
      const x1 = loadSplat<T>(x + sizeof<T>());
      c10 = addMul<T>(c10, x1, g0);
      c11 = addMul<T>(c11, x1, g1);
      const x2 = loadSplat<T>(x + 2 * sizeof<T>());
      c20 = addMul<T>(c20, x2, g0);
      c21 = addMul<T>(c21, x2, g1);
      const x3 = loadSplat<T>(x + 3 * sizeof<T>());
      c30 = addMul<T>(c30, x3, g0);
      c31 = addMul<T>(c31, x3, g1);
      x += step;
      g += ctStep;
    }
    a += down;
    ct += ctRow;
  }
  v128.store(sums, v128.add<T>(v128.load(sums), c00));
  v128.store(sums, v128.add<T>(v128.load(sums, 16), c01), 16);
  v128.store(sums, v128.add<T>(v128.load(sums, 32), c10), 32);
  v128.store(sums, v128.add<T>(v128.load(sums, 48), c11), 48);
  v128.store(sums, v128.add<T>(v128.load(sums, 64), c20), 64);
  v128.store(sums, v128.add<T>(v128.load(sums, 80), c21), 80);
  v128.store(sums, v128.add<T>(v128.load(sums, 96), c30), 96);
  v128.store(sums, v128.add<T>(v128.load(sums, 112), c31), 112);
}

function narrowTile<T>(
  a: usize, down: usize, step: usize, ct: usize, ctRow: usize, ctStep: usize, tall: i32, wide: i32, sums: usize,
): void {
  let c0 = v128.splat<T>(<T>0), c1 = c0, c2 = c0, c3 = c0;
  for (let y = 0; y < tall; y++) {
    let x = a, g = ct;
    for (let i = 0; i < wide; i++) {
      const g0 = v128.load(g);
      c0 = addMul<T>(c0, loadSplat<T>(x), g0);
      c1 = addMul<T>(c1, loadSplat<T>(x + sizeof<T>()), g0);
      c2 = addMul<T>(c2, loadSplat<T>(x + 2 * sizeof<T>()), g0);
      c3 = addMul<T>(c3, loadSplat<T>(x + 3 * sizeof<T>()), g0);
      x += step;
      g += ctStep;
    }
    a += down;
    ct += ctRow;
  }
  v128.store(sums, v128.add<T>(v128.load(sums), c0));
  v128.store(sums, v128.add<T>(v128.load(sums, 32), c1), 32);
  v128.store(sums, v128.add<T>(v128.load(sums, 64), c2), 64);
  v128.store(sums, v128.add<T>(v128.load(sums, 96), c3), 96);
}

/** Adds up the pieces, and writes the numbers that belong to the filter. */
export function addPieces<T>(k: FilterGradient, pieces: i32): void {
  for (let p = 1; p < pieces; p++) {
    const other = <usize>p * k.pieceBytes;
    for (let at = k.sums; at < k.sums + k.pieceBytes; at += 16) {
      v128.store(at, v128.add<T>(v128.load(at), v128.load(at + other)));
    }
  }
  let sums = k.sums;
  for (let y = 0; y < k.rows; y++) {
    for (let j = 0; j < k.columns; j += 2 * lanes<T>()) {
      const cols = min(2 * lanes<T>(), k.columns - j);
      for (let i = 0; i < k.length; i += NUMBERS) {
        for (let r = 0; r < min(NUMBERS, k.length - i); r++) {
          const to = k.out + <usize>(y * k.length + i + r) * k.outRow + <usize>j * sizeof<T>();
          memory.copy(to, sums + <usize>(r * 32), <usize>cols * sizeof<T>());
        }
        sums += TILE_BYTES;
      }
    }
  }
}

export function sumPieces_f32(x: Images, k: FilterGradient, from: i32, to: i32): void {
  sumPieces<f32>(x, k, from, to);
}
export function sumPieces_f64(x: Images, k: FilterGradient, from: i32, to: i32): void {
  sumPieces<f64>(x, k, from, to);
}
export function addPieces_f32(k: FilterGradient, pieces: i32): void {
  addPieces<f32>(k, pieces);
}
export function addPieces_f64(k: FilterGradient, pieces: i32): void {
  addPieces<f64>(k, pieces);
}
