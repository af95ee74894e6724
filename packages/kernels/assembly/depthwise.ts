import { storeSome } from "./elementwise";
import { addMul, lanes } from "./lanes";
import { Planes, clearPlanes, placePlanes, spread } from "./planes";

// Depthwise convolution, a vector of channels at a time; lanes never mix. Under a multiplier each channel of the image is repeated for its filters. The
// gradient in the input is the same map of the cotangent, whose planes of one channel are summed.

const WINDOWS: i32 = 4;
/** Vectors of channels that pass over a row together: a line of the cache in the result. */
const TOGETHER: i32 = 4;

/** Windows on images and the weights they meet. The fields as src/families/depthwise.ts lists them; strides in bytes. */
@unmanaged
export class DepthwiseWindows {
  /** From a plane's first pixel to the first window; to the window below; to the one on the right. */
  start: usize;
  down: usize;
  step: usize;
  /** Taps of a window, and from one row of them to the next. */
  rows: i32;
  cols: i32;
  line: usize;
  /** Planes that are summed, and from one to the next. */
  planes: i32;
  plane: usize;
  /** Vectors of the result that draw on one of the image, 1 or 3: see spread. */
  spread: i32;
  /** Of the result. */
  channels: i32;
  /** [vectors of channels, planes, rows, cols, lanes] */
  weights: usize;
  /** Result: from image to image, row to row, window to window. */
  out: usize;
  outImage: usize;
  outRow: usize;
  outStep: usize;
  tall: i32;
  wide: i32;
}

/** [rows, cols, channels, planes] with any strides of rows and columns into [vectors of channels, planes, rows, cols, lanes]; zeros beyond the channels. */
export function packDepthwise<T>(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, channels: i32, planes: i32, out: usize,
): void {
  for (let c = 0; c < channels; c += lanes<T>()) {
    for (let p = 0; p < planes; p++) {
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < cols; x++) {
          const at = f + <usize>y * rowStride + <usize>x * colStride + <usize>p * sizeof<T>();
          for (let t = c; t < c + lanes<T>(); t++) {
            store<T>(out, t < channels ? load<T>(at + <usize>(t * planes) * sizeof<T>()) : <T>0);
            out += sizeof<T>();
          }
        }
      }
    }
  }
}

/** Images `from` to `to`. */
export function depthwise<T>(x: Planes, k: DepthwiseWindows, from: i32, to: i32): void {
  clearPlanes(x);
  for (let b = from; b < to; b++) {
    const a = placePlanes<T>(x, b) + k.start;
    const out = k.out + <usize>b * k.outImage;
    for (let c = 0; c < k.channels; c += TOGETHER * lanes<T>()) {
      const end = min(c + TOGETHER * lanes<T>(), k.channels);
      for (let y = 0; y < k.tall; y++) {
        for (let d = c; d < end; d += lanes<T>()) row<T>(k, a + <usize>y * k.down, d, out + <usize>y * k.outRow);
      }
    }
  }
}

/** A row of windows at the vector of channels from c on. */
function row<T>(k: DepthwiseWindows, a: usize, c: i32, out: usize): void {
  const vector = c / lanes<T>();
  const weights = k.weights + <usize>(vector * k.planes * k.rows * k.cols) * 16;
  const count = min(lanes<T>(), k.channels - c);
  const part = k.spread == 3 ? 1 + vector % 3 : 0;
  a += <usize>(vector / k.spread * k.planes) * k.plane;
  out += <usize>c * sizeof<T>();
  if (k.cols == 3 && k.step == 16 && k.wide >= WINDOWS && count == lanes<T>()) {
    if (part == 0) fours0<T>(k, a, weights, out);
    else if (part == 1) fours1<T>(k, a, weights, out);
    else if (part == 2) fours2<T>(k, a, weights, out);
    else fours3<T>(k, a, weights, out);
  } else {
    for (let i = 0; i < k.wide; i++) window<T>(part, k, a + <usize>i * k.step, weights, out + <usize>i * k.outStep, count);
  }
}

/** A window of any size. */
function window<T>(part: i32, k: DepthwiseWindows, a: usize, w: usize, out: usize, count: i32): void {
  let sum = v128.splat<T>(<T>0);
  for (let p = 0; p < k.planes; p++) {
    let at = a;
    for (let y = 0; y < k.rows; y++) {
      for (let x = 0; x < k.cols; x++) {
        sum = addMul<T>(sum, spread<T>(part, v128.load(at + <usize>x * 16)), v128.load(w));
        w += 16;
      }
      at += k.line;
    }
    a += k.plane;
  }
  if (count == lanes<T>()) v128.store(out, sum);
  else storeSome<T>(out, sum, count);
}

/** A row of windows three taps wide, in fours that share the weights and most of the pixels. */
// @ts-ignore: decorator
@inline
function fours<T>(part: i32, k: DepthwiseWindows, a: usize, weights: usize, out: usize): void {
  const planes = k.planes, plane = k.plane, rows = k.rows, line = k.line, wide = k.wide, outStep = k.outStep;
  for (let i = 0; i < wide; i += WINDOWS) {
    // The last four reach back instead of beyond the end. What is computed twice is computed alike.
    const first = <usize>min(i, wide - WINDOWS);
    let s0 = v128.splat<T>(<T>0), s1 = s0, s2 = s0, s3 = s0;
    let w = weights;
    for (let p = 0; p < planes; p++) {
      let at = a + first * 16 + <usize>p * plane;
      for (let y = rows; y > 0; y--) {
        const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32);
        const x0 = spread<T>(part, v128.load(at)), x1 = spread<T>(part, v128.load(at, 16)), x2 = spread<T>(part, v128.load(at, 32));
        const x3 = spread<T>(part, v128.load(at, 48)), x4 = spread<T>(part, v128.load(at, 64)), x5 = spread<T>(part, v128.load(at, 80));
        s0 = v128.add<T>(s0, addMul<T>(addMul<T>(v128.mul<T>(x0, w0), x1, w1), x2, w2));
        s1 = v128.add<T>(s1, addMul<T>(addMul<T>(v128.mul<T>(x1, w0), x2, w1), x3, w2));
        s2 = v128.add<T>(s2, addMul<T>(addMul<T>(v128.mul<T>(x2, w0), x3, w1), x4, w2));
        s3 = v128.add<T>(s3, addMul<T>(addMul<T>(v128.mul<T>(x3, w0), x4, w1), x5, w2));
        at += line;
        w += 48;
      }
    }
    const to = out + first * outStep;
    v128.store(to, s0);
    v128.store(to + outStep, s1);
    v128.store(to + 2 * outStep, s2);
    v128.store(to + 3 * outStep, s3);
  }
}

// Functions of their own: as branches of one they would be folded together, and ask for the part at every vector.
function fours0<T>(k: DepthwiseWindows, a: usize, weights: usize, out: usize): void {
  fours<T>(0, k, a, weights, out);
}
function fours1<T>(k: DepthwiseWindows, a: usize, weights: usize, out: usize): void {
  fours<T>(1, k, a, weights, out);
}
function fours2<T>(k: DepthwiseWindows, a: usize, weights: usize, out: usize): void {
  fours<T>(2, k, a, weights, out);
}
function fours3<T>(k: DepthwiseWindows, a: usize, weights: usize, out: usize): void {
  fours<T>(3, k, a, weights, out);
}

export function packDepthwise_f32(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, channels: i32, planes: i32, out: usize,
): void {
  packDepthwise<f32>(f, rows, rowStride, cols, colStride, channels, planes, out);
}
export function packDepthwise_f64(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, channels: i32, planes: i32, out: usize,
): void {
  packDepthwise<f64>(f, rows, rowStride, cols, colStride, channels, planes, out);
}
export function depthwise_f32(x: Planes, k: DepthwiseWindows, from: i32, to: i32): void {
  depthwise<f32>(x, k, from, to);
}
export function depthwise_f64(x: Planes, k: DepthwiseWindows, from: i32, to: i32): void {
  depthwise<f64>(x, k, from, to);
}
