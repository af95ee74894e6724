import { lanes } from "./lanes";
import { storeSome } from "./elementwise";

// Sums and maxima of dense arrays: of the rows of a matrix, or of its columns. The order of additions depends on the extents alone. Maxima propagate NaN.

const SUM: i32 = 0, MAX: i32 = 1;

// @ts-ignore: decorator
@inline
function combined<T>(op: i32, x: v128, y: v128): v128 {
  return op == SUM ? v128.add<T>(x, y) : v128.max<T>(x, y);
}

// @ts-ignore: decorator
@inline
function combinedNumbers<T>(op: i32, x: T, y: T): T {
  return op == SUM ? <T>(x + y) : max<T>(x, y);
}

// @ts-ignore: decorator
@inline
function identity<T>(op: i32): T {
  return op == SUM ? <T>0 : <T>-Infinity;
}

/** One number of each row `from` to `to`: four vectors of it run along, then what is left. */
// @ts-ignore: decorator
@inline
function rows<T>(op: i32, x: usize, out: usize, from: i32, to: i32, cols: i32): void {
  const width = 4 * lanes<T>();
  const whole = cols - (cols % width);
  for (let row = from; row < to; row++) {
    let at = x + <usize>row * <usize>cols * sizeof<T>();
    let s0 = v128.splat<T>(identity<T>(op)), s1 = s0, s2 = s0, s3 = s0;
    for (let j = 0; j < whole; j += width) {
      s0 = combined<T>(op, s0, v128.load(at));
      s1 = combined<T>(op, s1, v128.load(at, 16));
      s2 = combined<T>(op, s2, v128.load(at, 32));
      s3 = combined<T>(op, s3, v128.load(at, 48));
      at += 64;
    }
    const s = combined<T>(op, combined<T>(op, s0, s1), combined<T>(op, s2, s3));
    let total: T;
    if (sizeof<T>() == 4)
      total = <T>combinedNumbers<f32>(
        op,
        combinedNumbers<f32>(op, f32x4.extract_lane(s, 0), f32x4.extract_lane(s, 1)),
        combinedNumbers<f32>(op, f32x4.extract_lane(s, 2), f32x4.extract_lane(s, 3)),
      );
    else total = <T>combinedNumbers<f64>(op, f64x2.extract_lane(s, 0), f64x2.extract_lane(s, 1));
    for (let j = whole; j < cols; j++) {
      total = combinedNumbers<T>(op, total, load<T>(at));
      at += sizeof<T>();
    }
    store<T>(out + <usize>row * sizeof<T>(), total);
  }
}

/** Columns of pieces `from` to `to`, each of so many rows or what is left of them, into a row of `out` each. */
// @ts-ignore: decorator
@inline
function columns<T>(op: i32, x: usize, out: usize, from: i32, to: i32, count: i32, piece: i32, cols: i32): void {
  const rest = cols & (lanes<T>() - 1);
  const row = <usize>cols * sizeof<T>();
  const bytes = <usize>(cols - rest) * sizeof<T>();
  for (let p = from; p < to; p++) {
    const first = p * piece;
    const last = min(first + piece, count);
    const sums = out + <usize>p * row;
    for (let j = 0; j < cols; j++) store<T>(sums + <usize>j * sizeof<T>(), identity<T>(op));
    let a = x + <usize>first * row;
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const b = a + row, c = b + row, d = c + row;
      for (let at: usize = 0; at < row; at += 16) {
        let s = v128.load(sums + at);
        s = combined<T>(op, s, v128.load(a + at));
        s = combined<T>(op, s, v128.load(b + at));
        s = combined<T>(op, s, v128.load(c + at));
        s = combined<T>(op, s, v128.load(d + at));
        if (at < bytes) v128.store(sums + at, s);
        else storeSome<T>(sums + at, s, rest);
      }
      a = d + row;
    }
    for (; i < last; i++) {
      for (let at: usize = 0; at < row; at += 16) {
        const s = combined<T>(op, v128.load(sums + at), v128.load(a + at));
        if (at < bytes) v128.store(sums + at, s);
        else storeSome<T>(sums + at, s, rest);
      }
      a += row;
    }
  }
}

export function sumRows_f32(x: usize, out: usize, from: i32, to: i32, cols: i32): void {
  rows<f32>(SUM, x, out, from, to, cols);
}
export function sumRows_f64(x: usize, out: usize, from: i32, to: i32, cols: i32): void {
  rows<f64>(SUM, x, out, from, to, cols);
}
export function maxRows_f32(x: usize, out: usize, from: i32, to: i32, cols: i32): void {
  rows<f32>(MAX, x, out, from, to, cols);
}
export function maxRows_f64(x: usize, out: usize, from: i32, to: i32, cols: i32): void {
  rows<f64>(MAX, x, out, from, to, cols);
}
export function sumColumns_f32(x: usize, out: usize, from: i32, to: i32, count: i32, piece: i32, cols: i32): void {
  columns<f32>(SUM, x, out, from, to, count, piece, cols);
}
export function sumColumns_f64(x: usize, out: usize, from: i32, to: i32, count: i32, piece: i32, cols: i32): void {
  columns<f64>(SUM, x, out, from, to, count, piece, cols);
}
export function maxColumns_f32(x: usize, out: usize, from: i32, to: i32, count: i32, piece: i32, cols: i32): void {
  columns<f32>(MAX, x, out, from, to, count, piece, cols);
}
export function maxColumns_f64(x: usize, out: usize, from: i32, to: i32, count: i32, piece: i32, cols: i32): void {
  columns<f64>(MAX, x, out, from, to, count, piece, cols);
}
