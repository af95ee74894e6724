import { lanes } from "./lanes";

// Pools over windows that are clipped to the image: what lies outside is not part of a window. A vector of channels at a time, then what is
// left number by number.

/** Windows on images. The fields as src/families/pooling.ts lists them. */
@unmanaged
export class Pool {
  /** [n, height, width, channels] */
  image: usize;
  height: i32;
  width: i32;
  channels: i32;
  /** Extents of a window, pixels from one to the next, and from the first window's corner to the image's. */
  windowRows: i32;
  windowCols: i32;
  rowStride: i32;
  colStride: i32;
  top: i32;
  left: i32;
  /** [n, tall, wide, channels], a number a window */
  pooled: usize;
  tall: i32;
  wide: i32;
}

/** A window's rows and columns on its image, and their numbers. */
@unmanaged
export class Clipped {
  top: i32;
  bottom: i32;
  left: i32;
  right: i32;
  /** Its first number, and that of the pooled. */
  corner: usize;
  pooled: usize;
}

/** The window at row y and column x of image b, into room for one. */
// @ts-ignore: decorator
@inline
function clip<T>(k: Pool, b: i32, y: i32, x: i32, window: Clipped): void {
  const row = y * k.rowStride - k.top, col = x * k.colStride - k.left;
  window.top = max(0, row);
  window.bottom = min(k.height, row + k.windowRows);
  window.left = max(0, col);
  window.right = min(k.width, col + k.windowCols);
  window.corner = k.image + <usize>(((b * k.height + window.top) * k.width + window.left) * k.channels) * sizeof<T>();
  window.pooled = k.pooled + <usize>(((b * k.tall + y) * k.wide + x) * k.channels) * sizeof<T>();
}

/** Means of windows of the images `from` to `to`. */
export function averagePool<T>(k: Pool, window: Clipped, from: i32, to: i32): void {
  for (let b = from; b < to; b++) {
    for (let y = 0; y < k.tall; y++) {
      for (let x = 0; x < k.wide; x++) {
        clip<T>(k, b, y, x, window);
        means<T>(k, window);
      }
    }
  }
}

function means<T>(k: Pool, window: Clipped): void {
  const pixel = <usize>k.channels * sizeof<T>(), line = <usize>k.width * pixel;
  const rows = window.bottom - window.top, cols = window.right - window.left;
  const count = <T>(rows * cols);
  let corner = window.corner, out = window.pooled, c = 0;
  for (; c <= k.channels - lanes<T>(); c += lanes<T>()) {
    let sum = v128.splat<T>(<T>0), row = corner;
    for (let v = rows; v > 0; v--) {
      let at = row;
      for (let u = cols; u > 0; u--) {
        sum = v128.add<T>(sum, v128.load(at));
        at += pixel;
      }
      row += line;
    }
    v128.store(out, v128.div<T>(sum, v128.splat<T>(count)));
    corner += 16;
    out += 16;
  }
  for (; c < k.channels; c++) {
    let sum = <T>0;
    for (let v = 0; v < rows; v++) {
      for (let u = 0; u < cols; u++) sum += load<T>(corner + <usize>v * line + <usize>u * pixel);
    }
    store<T>(out, sum / count);
    corner += sizeof<T>();
    out += sizeof<T>();
  }
}

/** Each pooled number in equal shares to its window, for the images `from` to `to`. */
export function averagePoolGradient<T>(k: Pool, window: Clipped, from: i32, to: i32): void {
  const image = <usize>(k.height * k.width * k.channels) * sizeof<T>();
  for (let b = from; b < to; b++) {
    memory.fill(k.image + <usize>b * image, 0, image);
    for (let y = 0; y < k.tall; y++) {
      for (let x = 0; x < k.wide; x++) {
        clip<T>(k, b, y, x, window);
        addShares<T>(k, window);
      }
    }
  }
}

function addShares<T>(k: Pool, window: Clipped): void {
  const pixel = <usize>k.channels * sizeof<T>(), line = <usize>k.width * pixel;
  const rows = window.bottom - window.top, cols = window.right - window.left;
  const count = <T>(rows * cols);
  let corner = window.corner, ct = window.pooled, c = 0;
  for (; c <= k.channels - lanes<T>(); c += lanes<T>()) {
    const share = v128.div<T>(v128.load(ct), v128.splat<T>(count));
    let row = corner;
    for (let v = rows; v > 0; v--) {
      let at = row;
      for (let u = cols; u > 0; u--) {
        v128.store(at, v128.add<T>(v128.load(at), share));
        at += pixel;
      }
      row += line;
    }
    corner += 16;
    ct += 16;
  }
  for (; c < k.channels; c++) {
    const share = load<T>(ct) / count;
    for (let v = 0; v < rows; v++) {
      for (let u = 0; u < cols; u++) {
        const at = corner + <usize>v * line + <usize>u * pixel;
        store<T>(at, load<T>(at) + share);
      }
    }
    corner += sizeof<T>();
    ct += sizeof<T>();
  }
}

/** Maxima of windows of the images `from` to `to`, and where in the batch each stood, from image `from` on. */
export function maximumPool<T>(k: Pool, window: Clipped, positions: usize, from: i32, to: i32): void {
  for (let b = from; b < to; b++) {
    for (let y = 0; y < k.tall; y++) {
      for (let x = 0; x < k.wide; x++) {
        clip<T>(k, b, y, x, window);
        maxima<T>(k, window, positions);
        positions += <usize>k.channels * 4;
      }
    }
  }
}

function maxima<T>(k: Pool, window: Clipped, positions: usize): void {
  const pixel = <usize>k.channels * sizeof<T>(), line = <usize>k.width * pixel;
  const rows = window.bottom - window.top, cols = window.right - window.left;
  const corner = window.corner, out = window.pooled;
  const first = <i32>((corner - k.image) / sizeof<T>());
  let c = 0;
  for (; c <= k.channels - lanes<T>(); c += lanes<T>()) {
    let row = corner + <usize>c * sizeof<T>(), index = first + c;
    let best = v128.load(row), position = indices<T>(index);
    for (let v = rows; v > 0; v--) {
      let at = row, i = index;
      for (let u = cols; u > 0; u--) {
        const x = v128.load(at);
        // Larger, or NaN; but nothing replaces NaN.
        const taken = v128.andnot(v128.eq<T>(best, best), v128.le<T>(x, best));
        best = v128.bitselect(x, best, taken);
        position = v128.bitselect(indices<T>(i), position, taken);
        at += pixel;
        i += k.channels;
      }
      row += line;
      index += k.width * k.channels;
    }
    v128.store(out + <usize>c * sizeof<T>(), best);
    if (sizeof<T>() == 4) v128.store(positions + <usize>c * 4, position);
    else v128.store64_lane(positions + <usize>c * 4, v128.shuffle<i32>(position, position, 0, 2, 0, 2), 0);
  }
  for (; c < k.channels; c++) {
    let position = first + c;
    let best = load<T>(corner + <usize>c * sizeof<T>());
    for (let v = 0; v < rows; v++) {
      for (let u = 0; u < cols; u++) {
        const x = load<T>(corner + <usize>v * line + <usize>u * pixel + <usize>c * sizeof<T>());
        if (x <= best || best != best) continue;
        best = x;
        position = first + (v * k.width + u) * k.channels + c;
      }
    }
    store<T>(out + <usize>c * sizeof<T>(), best);
    store<i32>(positions + <usize>c * 4, position);
  }
}

/** i, i + 1, … in lanes as wide as those of T. */
// @ts-ignore: decorator
@inline
function indices<T>(i: i32): v128 {
  if (sizeof<T>() == 4) return i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3));
  return i64x2.add(i64x2.splat(i), i64x2(0, 1));
}

export function averagePool_f32(k: Pool, window: Clipped, from: i32, to: i32): void {
  averagePool<f32>(k, window, from, to);
}
export function averagePool_f64(k: Pool, window: Clipped, from: i32, to: i32): void {
  averagePool<f64>(k, window, from, to);
}
export function averagePoolGradient_f32(k: Pool, window: Clipped, from: i32, to: i32): void {
  averagePoolGradient<f32>(k, window, from, to);
}
export function averagePoolGradient_f64(k: Pool, window: Clipped, from: i32, to: i32): void {
  averagePoolGradient<f64>(k, window, from, to);
}
export function maximumPool_f32(k: Pool, window: Clipped, positions: usize, from: i32, to: i32): void {
  maximumPool<f32>(k, window, positions, from, to);
}
export function maximumPool_f64(k: Pool, window: Clipped, positions: usize, from: i32, to: i32): void {
  maximumPool<f64>(k, window, positions, from, to);
}
