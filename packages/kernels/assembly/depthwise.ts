import { Images, clear, place } from "./images";
import { interleave } from "./interleave";
import { addMul, lanes } from "./lanes";
import { own } from "./own";

// Depthwise convolution, a vector of channels at a time. One input plane meets m filters, or m planes (a cotangent's) are summed into one: its
// gradient in the input. Channels are padded to whole vectors, in the images' copies and in the weights; lanes never mix.

/** Windows on images and the weights they meet. The fields as src/families/depthwise.ts lists them; strides in bytes. */
@unmanaged
export class DepthwiseWindows {
  /** From an image's first pixel to the first window; to the window below; to the one on the right. */
  start: usize;
  down: usize;
  step: usize;
  /** Taps of a window, and from one to the next. */
  rows: i32;
  cols: i32;
  line: usize;
  pixel: usize;
  /** Planes that are summed, and from one to the next; filters that each meets. One of the two is 1. */
  planes: i32;
  plane: usize;
  filters: i32;
  channels: i32;
  /** [planes · filters, rows · cols, channels in whole vectors] */
  weights: usize;
  /** Result: from image to image, row to row, window to window. */
  out: usize;
  outImage: usize;
  outRow: usize;
  outStep: usize;
  tall: i32;
  wide: i32;
  /** Room of a thread's own for a row of vectors for each filter. */
  strip: usize;
}

/** [rows, cols, channels, m] with any strides of rows and columns into [m, rows · cols, channels in whole vectors]. */
export function packDepthwise<T>(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, channels: i32, m: i32, out: usize,
): void {
  const whole = (channels + lanes<T>() - 1) & -lanes<T>();
  for (let q = 0; q < m; q++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < cols; x++) {
        let at = f + <usize>y * rowStride + <usize>x * colStride + <usize>q * sizeof<T>();
        for (let c = 0; c < whole; c++) {
          store<T>(out, c < channels ? load<T>(at) : <T>0);
          at += <usize>m * sizeof<T>();
          out += sizeof<T>();
        }
      }
    }
  }
}

/** Images `from` to `to`. */
export function depthwise<T>(x: Images, k: DepthwiseWindows, from: i32, to: i32): void {
  clear<T>(x);
  for (let b = from; b < to; b++) {
    let a = place<T>(x, b) + k.start;
    let out = k.out + <usize>b * k.outImage;
    for (let y = 0; y < k.tall; y++) {
      for (let c = 0; c < k.channels; c += lanes<T>()) {
        channels<T>(k, a + <usize>c * sizeof<T>(), c, out + <usize>(c * k.filters) * sizeof<T>());
      }
      a += k.down;
      out += k.outRow;
    }
  }
}

/** A row of windows at a vector of channels from c on. */
function channels<T>(k: DepthwiseWindows, a: usize, c: i32, out: usize): void {
  const whole = <usize>((k.channels + lanes<T>() - 1) & -lanes<T>()) * sizeof<T>();
  const filter = <usize>(k.rows * k.cols) * whole;
  const strip = <usize>k.wide * 16;
  const count = min(lanes<T>(), k.channels - c);
  const direct = k.filters == 1 && count == lanes<T>();
  let weights = k.weights + <usize>c * sizeof<T>();
  for (let q = 0; q < k.filters; q++) {
    const to = direct ? out : own(k.strip) + <usize>q * strip;
    const toStep = direct ? k.outStep : 16;
    for (let p = 0; p < k.planes; p++) {
      const from = a + <usize>p * k.plane;
      if (k.rows == 3 && k.cols == 3) {
        if (p == 0) row3x3<T>(k, from, weights, whole, to, toStep, false);
        else row3x3<T>(k, from, weights, whole, to, toStep, true);
      } else row<T>(k, from, weights, whole, to, toStep, p > 0);
      weights += filter;
    }
  }
  if (direct) return;
  for (let i = 0; i < k.wide; i++) interleave<T>(own(k.strip) + <usize>(i * 16), strip, k.filters, count, out + <usize>i * k.outStep);
}

/** A row of windows of any size. `add`: to what stands there already. */
function row<T>(k: DepthwiseWindows, a: usize, weights: usize, weightStep: usize, out: usize, outStep: usize, add: bool): void {
  for (let i = 0; i < k.wide; i++) {
    let sum = add ? v128.load(out) : v128.splat<T>(<T>0);
    let w = weights;
    for (let y = 0; y < k.rows; y++) {
      let at = a + <usize>y * k.line;
      for (let x = 0; x < k.cols; x++) {
        sum = addMul<T>(sum, v128.load(at), v128.load(w));
        at += k.pixel;
        w += weightStep;
      }
    }
    v128.store(out, sum);
    a += k.step;
    out += outStep;
  }
}

/** A row of windows of 3×3, the nine weights in registers; three chains of additions, a column each. */
// @ts-ignore: decorator
@inline
function row3x3<T>(k: DepthwiseWindows, a: usize, weights: usize, weightStep: usize, out: usize, outStep: usize, add: bool): void {
  const w0 = v128.load(weights), w1 = v128.load(weights + weightStep), w2 = v128.load(weights + 2 * weightStep);
  weights += 3 * weightStep;
  const w3 = v128.load(weights), w4 = v128.load(weights + weightStep), w5 = v128.load(weights + 2 * weightStep);
  weights += 3 * weightStep;
  const w6 = v128.load(weights), w7 = v128.load(weights + weightStep), w8 = v128.load(weights + 2 * weightStep);
  const pixel = k.pixel, line = k.line, step = k.step;
  for (let i = k.wide; i > 0; i--) {
    const b = a + line, c = b + line;
    let s = v128.mul<T>(v128.load(a), w0), t = v128.mul<T>(v128.load(a + pixel), w1), u = v128.mul<T>(v128.load(a + 2 * pixel), w2);
    s = addMul<T>(s, v128.load(b), w3);
    t = addMul<T>(t, v128.load(b + pixel), w4);
    u = addMul<T>(u, v128.load(b + 2 * pixel), w5);
    s = addMul<T>(s, v128.load(c), w6);
    t = addMul<T>(t, v128.load(c + pixel), w7);
    u = addMul<T>(u, v128.load(c + 2 * pixel), w8);
    const sum = v128.add<T>(s, v128.add<T>(t, u));
    v128.store(out, add ? v128.add<T>(v128.load(out), sum) : sum);
    a += step;
    out += outStep;
  }
}

export function packDepthwise_f32(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, channels: i32, m: i32, out: usize,
): void {
  packDepthwise<f32>(f, rows, rowStride, cols, colStride, channels, m, out);
}
export function packDepthwise_f64(
  f: usize, rows: i32, rowStride: usize, cols: i32, colStride: usize, channels: i32, m: i32, out: usize,
): void {
  packDepthwise<f64>(f, rows, rowStride, cols, colStride, channels, m, out);
}
export function depthwise_f32(x: Images, k: DepthwiseWindows, from: i32, to: i32): void {
  depthwise<f32>(x, k, from, to);
}
export function depthwise_f64(x: Images, k: DepthwiseWindows, from: i32, to: i32): void {
  depthwise<f64>(x, k, from, to);
}
