import { Images, clear, place } from "./images";
import { addMul, lanes } from "./lanes";

// The gradient of a depthwise convolution in its filter: each tap's sum, over all windows, of a vector of channels times the same channels of a
// plane of the cotangent. Pieces of images as in filterGradient.ts.

/** Windows that meet every channel before the next ones do: they and their cotangents stay in the first cache. */
const BLOCK: i32 = 56;

/** The fields as src/families/depthwiseFilterGradient.ts lists them; strides in bytes. */
@unmanaged
export class DepthwiseFilterGradient {
  /** Images in all, and how many make a piece. */
  images: i32;
  perPiece: i32;
  /** From window to window, and a window's taps, as in DepthwiseWindows. */
  down: usize;
  step: usize;
  rows: i32;
  cols: i32;
  line: usize;
  pixel: usize;
  channels: i32;
  /** Cotangents: their planes, and from row to row and window to window. */
  planes: i32;
  plane: usize;
  ctRow: usize;
  ctStep: usize;
  tall: i32;
  wide: i32;
  /** Sums of each piece, [planes, rows · cols, channels in whole vectors], and the bytes that they take. */
  sums: usize;
  pieceBytes: usize;
  /** Result [rows · cols, channels, planes]. */
  out: usize;
}

/** Sums of the pieces `from` to `to`. */
export function sumDepthwisePieces<T>(x: Images, ct: Images, k: DepthwiseFilterGradient, from: i32, to: i32): void {
  clear<T>(x);
  const tall = max(1, BLOCK / k.wide);
  for (let p = from; p < to; p++) {
    const sums = k.sums + <usize>p * k.pieceBytes;
    memory.fill(sums, 0, k.pieceBytes);
    const end = min(k.images, (p + 1) * k.perPiece);
    for (let b = p * k.perPiece; b < end; b++) {
      const image = place<T>(x, b);
      const cotangent = place<T>(ct, b);
      for (let y = 0; y < k.tall; y += tall) {
        block<T>(k, image + <usize>y * k.down, cotangent + <usize>y * k.ctRow, min(tall, k.tall - y), sums);
      }
    }
  }
}

/** Adds some rows of windows of one image. */
function block<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  const whole = wholeBytes<T>(k);
  for (let at: usize = 0; at < whole; at += 16) {
    for (let q = 0; q < k.planes; q++) {
      const g = ct + <usize>q * k.plane + at;
      const to = sums + <usize>(q * k.rows * k.cols) * whole + at;
      if (k.rows == 3 && k.cols == 3) taps3x3<T>(k, a + at, g, tall, to, whole);
      else taps<T>(k, a + at, g, tall, to, whole);
    }
  }
}

/** Bytes of a tap's channels in whole vectors. */
// @ts-ignore: decorator
@inline
function wholeBytes<T>(k: DepthwiseFilterGradient): usize {
  return <usize>((k.channels + lanes<T>() - 1) & -lanes<T>()) * sizeof<T>();
}

/** The taps of a window of any size, one after the other. */
function taps<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize, sumStep: usize): void {
  for (let v = 0; v < k.rows; v++) {
    for (let u = 0; u < k.cols; u++) {
      let sum = v128.splat<T>(<T>0);
      for (let y = 0; y < tall; y++) {
        let x = a + <usize>v * k.line + <usize>u * k.pixel + <usize>y * k.down;
        let g = ct + <usize>y * k.ctRow;
        for (let i = 0; i < k.wide; i++) {
          sum = addMul<T>(sum, v128.load(x), v128.load(g));
          x += k.step;
          g += k.ctStep;
        }
      }
      v128.store(sums, v128.add<T>(v128.load(sums), sum));
      sums += sumStep;
    }
  }
}

/** The nine taps of a window of 3×3, their sums in registers. */
function taps3x3<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize, sumStep: usize): void {
  const pixel = k.pixel, line = k.line, step = k.step, ctStep = k.ctStep;
  let s0 = v128.splat<T>(<T>0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0;
  for (let y = 0; y < tall; y++) {
    let x = a, g = ct;
    for (let i = k.wide; i > 0; i--) {
      const w = v128.load(g);
      const b = x + line, c = b + line;
      s0 = addMul<T>(s0, v128.load(x), w);
      s1 = addMul<T>(s1, v128.load(x + pixel), w);
      s2 = addMul<T>(s2, v128.load(x + 2 * pixel), w);
      s3 = addMul<T>(s3, v128.load(b), w);
      s4 = addMul<T>(s4, v128.load(b + pixel), w);
      s5 = addMul<T>(s5, v128.load(b + 2 * pixel), w);
      s6 = addMul<T>(s6, v128.load(c), w);
      s7 = addMul<T>(s7, v128.load(c + pixel), w);
      s8 = addMul<T>(s8, v128.load(c + 2 * pixel), w);
      x += step;
      g += ctStep;
    }
    a += k.down;
    ct += k.ctRow;
  }
  add3<T>(sums, sumStep, s0, s1, s2);
  add3<T>(sums + 3 * sumStep, sumStep, s3, s4, s5);
  add3<T>(sums + 6 * sumStep, sumStep, s6, s7, s8);
}

// @ts-ignore: decorator
@inline
function add3<T>(to: usize, step: usize, a: v128, b: v128, c: v128): void {
  v128.store(to, v128.add<T>(v128.load(to), a));
  v128.store(to + step, v128.add<T>(v128.load(to + step), b));
  v128.store(to + 2 * step, v128.add<T>(v128.load(to + 2 * step), c));
}

/** Adds up the pieces, and writes the filter. */
export function addDepthwisePieces<T>(k: DepthwiseFilterGradient, pieces: i32): void {
  const whole = wholeBytes<T>(k);
  const taps = k.rows * k.cols;
  let out = k.out;
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < k.channels; c++) {
      for (let q = 0; q < k.planes; q++) {
        let at = k.sums + <usize>(q * taps + tap) * whole + <usize>c * sizeof<T>();
        let sum = load<T>(at);
        for (let p = 1; p < pieces; p++) {
          at += k.pieceBytes;
          sum += load<T>(at);
        }
        store<T>(out, sum);
        out += sizeof<T>();
      }
    }
  }
}

export function sumDepthwisePieces_f32(x: Images, ct: Images, k: DepthwiseFilterGradient, from: i32, to: i32): void {
  sumDepthwisePieces<f32>(x, ct, k, from, to);
}
export function sumDepthwisePieces_f64(x: Images, ct: Images, k: DepthwiseFilterGradient, from: i32, to: i32): void {
  sumDepthwisePieces<f64>(x, ct, k, from, to);
}
export function addDepthwisePieces_f32(k: DepthwiseFilterGradient, pieces: i32): void {
  addDepthwisePieces<f32>(k, pieces);
}
export function addDepthwisePieces_f64(k: DepthwiseFilterGradient, pieces: i32): void {
  addDepthwisePieces<f64>(k, pieces);
}
