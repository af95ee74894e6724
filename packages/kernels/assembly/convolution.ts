import { Images, clear, place } from "./images";
import { addMul, lanes, loadSplat } from "./lanes";
import { own } from "./own";

// Convolution as an implicit matrix product: a row of a window, (kw, c), is contiguous in its image, so that the tile of a matrix product can
// walk the window. Four windows times a panel of two vectors of output channels stay in registers; a last panel has one vector where that
// is enough. The gradient in the input is the same map, of the cotangent with a filter that is flipped and transposed by packing.

const WINDOWS: i32 = 4;
/** Windows that meet every panel before the next ones do: their pixels stay in the first cache. */
const BLOCK: i32 = 64;

/** Windows on images and the filter they meet. The fields as src/families/convolution.ts lists them; strides in bytes. */
@unmanaged
export class Windows {
  /** From an image's first pixel to the first window. */
  start: usize;
  /** To the window below; to the one on the right. */
  down: usize;
  step: usize;
  /** A window's rows, from one to the next, and numbers in each. */
  rows: i32;
  line: usize;
  length: i32;
  /** Panels [rows · length, vectors], and their columns in all. */
  packed: usize;
  columns: i32;
  /** Result: from image to image, row to row, window to window. */
  out: usize;
  outImage: usize;
  outRow: usize;
  outStep: usize;
  tall: i32;
  wide: i32;
  /** Room of a thread's own for a tile. */
  tile: usize;
}

/** The filter [rows, cols, K, N] with any strides into panels; zeros beyond N. */
export function packFilter<T>(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, K: i32, kStride: usize, N: i32, nStride: usize, out: usize,
): void {
  for (let j = 0; j < N; ) {
    const width = N - j > lanes<T>() ? 2 * lanes<T>() : lanes<T>();
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < cols; x++) {
        for (let k = 0; k < K; k++) {
          const at = f + <usize>y * rowStride + <usize>x * colStride + <usize>k * kStride;
          for (let t = j; t < j + width; t++) {
            store<T>(out, t < N ? load<T>(at + <usize>t * nStride) : <T>0);
            out += sizeof<T>();
          }
        }
      }
    }
    j += width;
  }
}

/** Images `from` to `to`. */
export function convolve<T>(x: Images, k: Windows, from: i32, to: i32): void {
  clear<T>(x);
  for (let b = from; b < to; b++) {
    let a = place<T>(x, b) + k.start;
    let out = k.out + <usize>b * k.outImage;
    for (let y = 0; y < k.tall; y++) {
      for (let i = 0; i < k.wide; i += BLOCK) block<T>(k, a, i, min(i + BLOCK, k.wide), out);
      a += k.down;
      out += k.outRow;
    }
  }
}

/** Windows `from` to `to` of a row. */
function block<T>(k: Windows, a: usize, from: i32, to: i32, out: usize): void {
  const columns = k.columns, K = k.rows * k.length, step = k.step, outStep = k.outStep;
  for (let j = 0; j < columns; ) {
    const cols = min(columns - j, 2 * lanes<T>());
    const panel = k.packed + <usize>(j * K) * sizeof<T>();
    const corner = out + <usize>j * sizeof<T>();
    if (to >= WINDOWS) {
      for (let i = from; i < to; i += WINDOWS) {
        // The last tile reaches back instead of beyond the end. What it computes twice it computes alike.
        const at = min(i, to - WINDOWS);
        tile<T>(k, a + <usize>at * step, step, cols, panel, corner + <usize>at * outStep, outStep);
      }
    } else {
      // A window at a time: all four of the tile are this one.
      for (let i = from; i < to; i++) tile<T>(k, a + <usize>i * step, 0, cols, panel, corner + <usize>i * outStep, 0);
    }
    j += cols;
  }
}

/** Four windows times a panel of `cols` columns. */
// @ts-ignore: decorator
@inline
function tile<T>(k: Windows, a: usize, step: usize, cols: i32, panel: usize, out: usize, outStep: usize): void {
  if (cols == 2 * lanes<T>()) wideTile<T>(a, step, k.rows, k.line, k.length, panel, out, outStep);
  else if (cols == lanes<T>()) narrowTile<T>(a, step, k.rows, k.line, k.length, panel, out, outStep);
  else {
    if (cols > lanes<T>()) wideTile<T>(a, step, k.rows, k.line, k.length, panel, own(k.tile), 32);
    else narrowTile<T>(a, step, k.rows, k.line, k.length, panel, own(k.tile), 32);
    for (let r = 0; r < WINDOWS; r++) memory.copy(out + <usize>r * outStep, own(k.tile) + <usize>(r * 32), <usize>cols * sizeof<T>());
  }
}

function wideTile<T>(a: usize, step: usize, rows: i32, line: usize, length: i32, panel: usize, out: usize, outStep: usize): void {
  let c00 = v128.splat<T>(<T>0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let y = 0; y < rows; y++) {
    let a0 = a, a1 = a0 + step, a2 = a1 + step, a3 = a2 + step;
    for (let k = 0; k < length; k++) {
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
      a0 += sizeof<T>();
      a1 += sizeof<T>();
      a2 += sizeof<T>();
      a3 += sizeof<T>();
      panel += 32;
    }
    a += line;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += outStep;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += outStep;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += outStep;
  v128.store(out, c30);
  v128.store(out, c31, 16);
}

function narrowTile<T>(a: usize, step: usize, rows: i32, line: usize, length: i32, panel: usize, out: usize, outStep: usize): void {
  let c0 = v128.splat<T>(<T>0), c1 = c0, c2 = c0, c3 = c0;
  for (let y = 0; y < rows; y++) {
    let a0 = a, a1 = a0 + step, a2 = a1 + step, a3 = a2 + step;
    for (let k = 0; k < length; k++) {
      const b = v128.load(panel);
      c0 = addMul<T>(c0, loadSplat<T>(a0), b);
      c1 = addMul<T>(c1, loadSplat<T>(a1), b);
      c2 = addMul<T>(c2, loadSplat<T>(a2), b);
      c3 = addMul<T>(c3, loadSplat<T>(a3), b);
      a0 += sizeof<T>();
      a1 += sizeof<T>();
      a2 += sizeof<T>();
      a3 += sizeof<T>();
      panel += 16;
    }
    a += line;
  }
  v128.store(out, c0);
  v128.store(out + outStep, c1);
  v128.store(out + 2 * outStep, c2);
  v128.store(out + 3 * outStep, c3);
}

export function packFilter_f32(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, K: i32, kStride: usize, N: i32, nStride: usize, out: usize,
): void {
  packFilter<f32>(f, rows, rowStride, cols, colStride, K, kStride, N, nStride, out);
}
export function packFilter_f64(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, K: i32, kStride: usize, N: i32, nStride: usize, out: usize,
): void {
  packFilter<f64>(f, rows, rowStride, cols, colStride, K, kStride, N, nStride, out);
}
export function convolve_f32(x: Images, k: Windows, from: i32, to: i32): void {
  convolve<f32>(x, k, from, to);
}
export function convolve_f64(x: Images, k: Windows, from: i32, to: i32): void {
  convolve<f64>(x, k, from, to);
}
