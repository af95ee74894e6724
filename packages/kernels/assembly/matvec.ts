import { addMul, lanes, loadSplat } from "./lanes";

// y = x A, a vector times a matrix [K, N] whose rows or columns are dense: y[j] = Σₖ x[k] A[k, j]. Both ways give the same bits: products go by k modulo 4
// to four sums, s₀ … s₃, and y = (s₀ + s₁) + (s₂ + s₃). `x` is dense and ends in zeros at a multiple of four. Strides are in bytes.

const SUMS: i32 = 4;

/** Lanes `first`, `first` + 1, … of those below `count`. */
// @ts-ignore: decorator
@inline
function below<T>(count: i32, first: i32): v128 {
  return sizeof<T>() == 4
    ? i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count - first))
    : i64x2.lt_s(i64x2(0, 1), i64x2.splat(<i64>(count - first)));
}

// @ts-ignore: decorator
@inline
function sumOfFour<T>(low: v128, high: v128): T {
  if (sizeof<T>() == 4) return <T>(f32x4.extract_lane(low, 0) + f32x4.extract_lane(low, 1) + (f32x4.extract_lane(low, 2) + f32x4.extract_lane(low, 3)));
  return <T>(f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1)));
}

/** Columns of A are dense, `column` apart: a dot product each. */
function dots<T>(x: usize, a: usize, column: usize, y: usize, from: i32, to: i32, K: i32): void {
  const whole = K & ~(SUMS - 1);
  const two = sizeof<T>() == 8;
  const maskLow = below<T>(K - whole, 0), maskHigh = below<T>(K - whole, 2);
  for (let j = from; j < to; j++) {
    let low = v128.splat<T>(<T>0), high = low;
    let at = a + <usize>j * column, xs = x;
    for (let k = 0; k < whole; k += SUMS) {
      low = addMul<T>(low, v128.load(xs), v128.load(at));
      if (two) high = addMul<T>(high, v128.load(xs, 16), v128.load(at, 16));
      at += SUMS * sizeof<T>();
      xs += SUMS * sizeof<T>();
    }
    if (whole < K) {
      low = addMul<T>(low, v128.load(xs), v128.and(v128.load(at), maskLow));
      if (two) high = addMul<T>(high, v128.load(xs, 16), v128.and(v128.load(at, 16), maskHigh));
    }
    store<T>(y + <usize>j * sizeof<T>(), sumOfFour<T>(low, high));
  }
}

/** As `dots`, four columns at a time: their sums do not wait for each other. */
function dotsByFour<T>(x: usize, a: usize, column: usize, y: usize, from: i32, to: i32, K: i32): void {
  const whole = K & ~(SUMS - 1);
  const two = sizeof<T>() == 8;
  const maskLow = below<T>(K - whole, 0), maskHigh = below<T>(K - whole, 2);
  let j = from;
  for (; j + 4 <= to; j += 4) {
    let l0 = v128.splat<T>(<T>0), l1 = l0, l2 = l0, l3 = l0, h0 = l0, h1 = l0, h2 = l0, h3 = l0;
    let a0 = a + <usize>j * column, a1 = a0 + column, a2 = a1 + column, a3 = a2 + column, xs = x;
    for (let k = 0; k < whole; k += SUMS) {
      const u = v128.load(xs);
      l0 = addMul<T>(l0, u, v128.load(a0));
      l1 = addMul<T>(l1, u, v128.load(a1));
      l2 = addMul<T>(l2, u, v128.load(a2));
      l3 = addMul<T>(l3, u, v128.load(a3));
      if (two) {
        const v = v128.load(xs, 16);
        h0 = addMul<T>(h0, v, v128.load(a0, 16));
        h1 = addMul<T>(h1, v, v128.load(a1, 16));
        h2 = addMul<T>(h2, v, v128.load(a2, 16));
        h3 = addMul<T>(h3, v, v128.load(a3, 16));
      }
      a0 += SUMS * sizeof<T>();
      a1 += SUMS * sizeof<T>();
      a2 += SUMS * sizeof<T>();
      a3 += SUMS * sizeof<T>();
      xs += SUMS * sizeof<T>();
    }
    if (whole < K) {
      const u = v128.load(xs);
      l0 = addMul<T>(l0, u, v128.and(v128.load(a0), maskLow));
      l1 = addMul<T>(l1, u, v128.and(v128.load(a1), maskLow));
      l2 = addMul<T>(l2, u, v128.and(v128.load(a2), maskLow));
      l3 = addMul<T>(l3, u, v128.and(v128.load(a3), maskLow));
      if (two) {
        const v = v128.load(xs, 16);
        h0 = addMul<T>(h0, v, v128.and(v128.load(a0, 16), maskHigh));
        h1 = addMul<T>(h1, v, v128.and(v128.load(a1, 16), maskHigh));
        h2 = addMul<T>(h2, v, v128.and(v128.load(a2, 16), maskHigh));
        h3 = addMul<T>(h3, v, v128.and(v128.load(a3, 16), maskHigh));
      }
    }
    const at = y + <usize>j * sizeof<T>();
    store<T>(at, sumOfFour<T>(l0, h0));
    store<T>(at, sumOfFour<T>(l1, h1), sizeof<T>());
    store<T>(at, sumOfFour<T>(l2, h2), 2 * sizeof<T>());
    store<T>(at, sumOfFour<T>(l3, h3), 3 * sizeof<T>());
  }
  dots<T>(x, a, column, y, j, to, K);
}

/** Columns of which sums are kept at a time. */
const STRIP: i32 = 256;

/** The four sums of each column of a strip: s₀ of all, then s₁ and so on. Adds x[place] times a row to one of them. */
// @ts-ignore: decorator
@inline
function addRow<T>(sums: usize, x: usize, a: usize, bytes: usize): void {
  const u = loadSplat<T>(x);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(sums + at, addMul<T>(v128.load(sums + at), u, v128.load(a + at)));
}

/** Rows of A are dense, `row` apart: the sums of a strip of columns stay in the cache while rows pass. What lies beyond `to` is computed, not kept. */
function combineRows<T>(x: usize, a: usize, row: usize, y: usize, from: i32, to: i32, K: i32, sums: usize): void {
  const whole = K & ~(SUMS - 1);
  for (let j = from; j < to; j += STRIP) {
    const cols = min(STRIP, to - j);
    const bytes = (<usize>cols * sizeof<T>() + 15) & ~15;
    const s1 = sums + bytes, s2 = s1 + bytes, s3 = s2 + bytes;
    memory.fill(sums, 0, SUMS * bytes);
    let first = a + <usize>j * sizeof<T>(), xs = x;
    for (let k = 0; k < whole; k += SUMS) {
      const x0 = loadSplat<T>(xs), x1 = loadSplat<T>(xs + sizeof<T>()), x2 = loadSplat<T>(xs + 2 * sizeof<T>()), x3 = loadSplat<T>(xs + 3 * sizeof<T>());
      const second = first + row, third = second + row, fourth = third + row;
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(sums + at, addMul<T>(v128.load(sums + at), x0, v128.load(first + at)));
        v128.store(s1 + at, addMul<T>(v128.load(s1 + at), x1, v128.load(second + at)));
        v128.store(s2 + at, addMul<T>(v128.load(s2 + at), x2, v128.load(third + at)));
        v128.store(s3 + at, addMul<T>(v128.load(s3 + at), x3, v128.load(fourth + at)));
      }
      first = fourth + row;
      xs += SUMS * sizeof<T>();
    }
    for (let k = whole; k < K; k++) {
      addRow<T>(sums + <usize>(k - whole) * bytes, xs, first, bytes);
      first += row;
      xs += sizeof<T>();
    }
    for (let at: usize = 0; at < bytes; at += 16)
      v128.store(sums + at, v128.add<T>(v128.add<T>(v128.load(sums + at), v128.load(s1 + at)), v128.add<T>(v128.load(s2 + at), v128.load(s3 + at))));
    memory.copy(y + <usize>j * sizeof<T>(), sums, <usize>cols * sizeof<T>());
  }
}

/** Columns `from` to `to` of y, with A's strides; one of them is the size of a number. `sums` holds four times 256 numbers. */
export function vectorTimesMatrix<T>(x: usize, a: usize, row: usize, column: usize, y: usize, from: i32, to: i32, K: i32, sums: usize): void {
  if (column == sizeof<T>()) combineRows<T>(x, a, row, y, from, to, K, sums);
  else dotsByFour<T>(x, a, column, y, from, to, K);
}

/** K numbers, dense, with zeros up to a multiple of four. */
export function packVector<T>(x: usize, stride: usize, K: i32, out: usize): void {
  for (let k = 0; k < K; k++) {
    store<T>(out, load<T>(x));
    x += stride;
    out += sizeof<T>();
  }
  for (let k = K; (k & (SUMS - 1)) != 0; k++) {
    store<T>(out, <T>0);
    out += sizeof<T>();
  }
}

export function vectorTimesMatrix_f32(x: usize, a: usize, row: usize, column: usize, y: usize, from: i32, to: i32, K: i32, sums: usize): void {
  vectorTimesMatrix<f32>(x, a, row, column, y, from, to, K, sums);
}
export function vectorTimesMatrix_f64(x: usize, a: usize, row: usize, column: usize, y: usize, from: i32, to: i32, K: i32, sums: usize): void {
  vectorTimesMatrix<f64>(x, a, row, column, y, from, to, K, sums);
}
export function packVector_f32(x: usize, stride: usize, K: i32, out: usize): void {
  packVector<f32>(x, stride, K, out);
}
export function packVector_f64(x: usize, stride: usize, K: i32, out: usize): void {
  packVector<f64>(x, stride, K, out);
}
