import { addMul, loadSplat } from "./lanes";

// b square blocks B, [b, k, k] row by row, against vectors of b·k numbers: B x, Bᵀ x and the outer product u vᵀ, block by block.
// A product with rows is a dot product: its lanes are added across at the end, four rows (two in float64) at a time. A product with columns
// needs no such thing.

/** [Σ a, Σ b, Σ c, Σ d] */
// @ts-ignore: decorator
@inline
function sums4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/** [Σ a, Σ b] */
// @ts-ignore: decorator
@inline
function sums2(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

/** Σ over the four rows of B of xᵢ Bᵢ, for the columns at `offset`. */
// @ts-ignore: decorator
@inline
function columns4<T>(B: usize, x: usize, offset: usize): v128 {
  const row = 4 * sizeof<T>();
  let y = v128.mul<T>(loadSplat<T>(x), v128.load(B + offset));
  y = addMul<T>(y, loadSplat<T>(x + sizeof<T>()), v128.load(B + offset + row));
  y = addMul<T>(y, loadSplat<T>(x + 2 * sizeof<T>()), v128.load(B + offset + 2 * row));
  return addMul<T>(y, loadSplat<T>(x + 3 * sizeof<T>()), v128.load(B + offset + 3 * row));
}

/** y = B x for `count` blocks; x and y do not overlap. */
export function times<T>(B: usize, x: usize, y: usize, k: i32, count: i32): void {
  if (k == 4) times4<T>(B, x, y, count);
  else if (k == 2) times2<T>(B, x, y, count);
  else timesAny<T>(B, x, y, k, count, <usize>k, 1);
}

/** y = Bᵀ x for `count` blocks; x and y do not overlap. */
export function transposedTimes<T>(B: usize, x: usize, y: usize, k: i32, count: i32): void {
  if (k == 4) transposedTimes4<T>(B, x, y, count);
  else if (k == 2) transposedTimes2<T>(B, x, y, count);
  else timesAny<T>(B, x, y, k, count, 1, <usize>k);
}

function times4<T>(B: usize, x: usize, y: usize, count: i32): void {
  for (let b = 0; b < count; b++) {
    if (sizeof<T>() == 4) {
      const v = v128.load(x);
      const a0 = f32x4.mul(v128.load(B), v), a1 = f32x4.mul(v128.load(B, 16), v);
      const a2 = f32x4.mul(v128.load(B, 32), v), a3 = f32x4.mul(v128.load(B, 48), v);
      v128.store(y, sums4(a0, a1, a2, a3));
    } else {
      const v = v128.load(x), w = v128.load(x, 16);
      const a0 = addMul<f64>(f64x2.mul(v128.load(B), v), v128.load(B, 16), w);
      const a1 = addMul<f64>(f64x2.mul(v128.load(B, 32), v), v128.load(B, 48), w);
      const a2 = addMul<f64>(f64x2.mul(v128.load(B, 64), v), v128.load(B, 80), w);
      const a3 = addMul<f64>(f64x2.mul(v128.load(B, 96), v), v128.load(B, 112), w);
      v128.store(y, sums2(a0, a1));
      v128.store(y, sums2(a2, a3), 16);
    }
    B += 16 * sizeof<T>();
    x += 4 * sizeof<T>();
    y += 4 * sizeof<T>();
  }
}

function transposedTimes4<T>(B: usize, x: usize, y: usize, count: i32): void {
  for (let b = 0; b < count; b++) {
    v128.store(y, columns4<T>(B, x, 0));
    if (sizeof<T>() == 8) v128.store(y, columns4<T>(B, x, 16), 16);
    B += 16 * sizeof<T>();
    x += 4 * sizeof<T>();
    y += 4 * sizeof<T>();
  }
}

function times2<T>(B: usize, x: usize, y: usize, count: i32): void {
  for (let b = 0; b < count; b++) {
    const x0 = load<T>(x), x1 = load<T>(x, sizeof<T>());
    store<T>(y, <T>(load<T>(B) * x0 + load<T>(B, sizeof<T>()) * x1));
    store<T>(y, <T>(load<T>(B, 2 * sizeof<T>()) * x0 + load<T>(B, 3 * sizeof<T>()) * x1), sizeof<T>());
    B += 4 * sizeof<T>();
    x += 2 * sizeof<T>();
    y += 2 * sizeof<T>();
  }
}

function transposedTimes2<T>(B: usize, x: usize, y: usize, count: i32): void {
  for (let b = 0; b < count; b++) {
    const x0 = load<T>(x), x1 = load<T>(x, sizeof<T>());
    store<T>(y, <T>(load<T>(B) * x0 + load<T>(B, 2 * sizeof<T>()) * x1));
    store<T>(y, <T>(load<T>(B, sizeof<T>()) * x0 + load<T>(B, 3 * sizeof<T>()) * x1), sizeof<T>());
    B += 4 * sizeof<T>();
    x += 2 * sizeof<T>();
    y += 2 * sizeof<T>();
  }
}

/** y = B x where rows of B lie `row` numbers apart and columns `col`. */
function timesAny<T>(B: usize, x: usize, y: usize, k: i32, count: i32, row: usize, col: usize): void {
  const side = <usize>k * sizeof<T>();
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < k; i++) {
      let at = B + <usize>i * row * sizeof<T>();
      let sum = <T>0;
      for (let j: usize = 0; j < side; j += sizeof<T>()) {
        sum += load<T>(at) * load<T>(x + j);
        at += col * sizeof<T>();
      }
      store<T>(y, sum);
      y += sizeof<T>();
    }
    B += <usize>k * side;
    x += side;
  }
}

/** A = u vᵀ + w xᵀ for `count` blocks. */
export function outerSum<T>(u: usize, v: usize, w: usize, x: usize, A: usize, k: i32, count: i32): void {
  if (k == 4) {
    for (let b = 0; b < count; b++) {
      const v0 = v128.load(v), x0 = v128.load(x);
      const v1 = sizeof<T>() == 8 ? v128.load(v, 16) : v0, x1 = sizeof<T>() == 8 ? v128.load(x, 16) : x0;
      for (let i: usize = 0; i < 4; i++) {
        const a = loadSplat<T>(u + i * sizeof<T>()), c = loadSplat<T>(w + i * sizeof<T>());
        v128.store(A, addMul<T>(v128.mul<T>(a, v0), c, x0));
        if (sizeof<T>() == 8) v128.store(A, addMul<T>(v128.mul<T>(a, v1), c, x1), 16);
        A += 4 * sizeof<T>();
      }
      u += 4 * sizeof<T>();
      v += 4 * sizeof<T>();
      w += 4 * sizeof<T>();
      x += 4 * sizeof<T>();
    }
    return;
  }
  const side = <usize>k * sizeof<T>();
  for (let b = 0; b < count; b++) {
    for (let i: usize = 0; i < side; i += sizeof<T>()) {
      const a = load<T>(u + i), c = load<T>(w + i);
      for (let j: usize = 0; j < side; j += sizeof<T>()) {
        store<T>(A, a * load<T>(v + j) + c * load<T>(x + j));
        A += sizeof<T>();
      }
    }
    u += side;
    v += side;
    w += side;
    x += side;
  }
}

/** A = u vᵀ for `count` blocks. */
export function outer<T>(u: usize, v: usize, A: usize, k: i32, count: i32): void {
  if (k == 4) {
    for (let b = 0; b < count; b++) {
      const v0 = v128.load(v);
      for (let i: usize = 0; i < 4; i++) {
        const a = loadSplat<T>(u + i * sizeof<T>());
        v128.store(A, v128.mul<T>(a, v0));
        if (sizeof<T>() == 8) v128.store(A, v128.mul<T>(a, v128.load(v, 16)), 16);
        A += 4 * sizeof<T>();
      }
      u += 4 * sizeof<T>();
      v += 4 * sizeof<T>();
    }
    return;
  }
  const side = <usize>k * sizeof<T>();
  for (let b = 0; b < count; b++) {
    for (let i: usize = 0; i < side; i += sizeof<T>()) {
      const a = load<T>(u + i);
      for (let j: usize = 0; j < side; j += sizeof<T>()) {
        store<T>(A, a * load<T>(v + j));
        A += sizeof<T>();
      }
    }
    u += side;
    v += side;
  }
}
