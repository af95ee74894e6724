import { outer, outerSum, times, transposedTimes } from "./blocks";
import { own } from "./own";
import { gather, scatter } from "./permute";

// Layers of a chain, B P: a permutation, then blocks of k. Blocks `from` to `to` of a layer are on their own, whatever the others are; P is a
// permutation, so that no two of them write to one place. Work goes by pieces that stay in the nearest cache between moving and mixing.

/** Numbers of a piece. */
const PIECE: i32 = 1024;

/** u = P x and y = B u. */
export function mix<T>(x: usize, P: usize, B: usize, u: usize, y: usize, k: i32, from: i32, to: i32): void {
  const blocks = max(1, PIECE / k);
  for (let b = from; b < to; b += blocks) {
    const count = min(blocks, to - b);
    const first = <usize>(b * k);
    const at = first * sizeof<T>();
    gather<T>(x, sizeof<T>(), P + (first << 2), u + at, count * k);
    times<T>(B + at * <usize>k, u + at, y + at, k, count);
  }
}

/** y = Pᵀ Bᵀ x; `scratch` is a thread's own and holds a piece, or a block where that is larger. */
export function unmix<T>(x: usize, P: usize, B: usize, y: usize, scratch: usize, k: i32, from: i32, to: i32): void {
  const blocks = max(1, PIECE / k);
  for (let b = from; b < to; b += blocks) {
    const count = min(blocks, to - b);
    const first = <usize>(b * k);
    const at = first * sizeof<T>();
    transposedTimes<T>(B + at * <usize>k, x + at, own(scratch), k, count);
    scatter<T>(own(scratch), P + (first << 2), y, count * k);
  }
}

export function mix_f32(x: usize, P: usize, B: usize, u: usize, y: usize, k: i32, from: i32, to: i32): void {
  mix<f32>(x, P, B, u, y, k, from, to);
}
export function mix_f64(x: usize, P: usize, B: usize, u: usize, y: usize, k: i32, from: i32, to: i32): void {
  mix<f64>(x, P, B, u, y, k, from, to);
}
export function unmix_f32(x: usize, P: usize, B: usize, y: usize, scratch: usize, k: i32, from: i32, to: i32): void {
  unmix<f32>(x, P, B, y, scratch, k, from, to);
}
export function unmix_f64(x: usize, P: usize, B: usize, y: usize, scratch: usize, k: i32, from: i32, to: i32): void {
  unmix<f64>(x, P, B, y, scratch, k, from, to);
}
/** Where the blocks from `from` on lie in a vector of numbers, in bytes. */
// @ts-ignore: decorator
@inline
function upTo<T>(from: i32, k: i32): usize {
  return <usize>from * <usize>k * sizeof<T>();
}

function outerBlocks<T>(u: usize, v: usize, A: usize, k: i32, from: i32, to: i32): void {
  const at = upTo<T>(from, k);
  outer<T>(u + at, v + at, A + at * <usize>k, k, to - from);
}

function outerSums<T>(u: usize, v: usize, w: usize, x: usize, A: usize, k: i32, from: i32, to: i32): void {
  const at = upTo<T>(from, k);
  outerSum<T>(u + at, v + at, w + at, x + at, A + at * <usize>k, k, to - from);
}

export function outerBlocks_f32(u: usize, v: usize, A: usize, k: i32, from: i32, to: i32): void {
  outerBlocks<f32>(u, v, A, k, from, to);
}
export function outerBlocks_f64(u: usize, v: usize, A: usize, k: i32, from: i32, to: i32): void {
  outerBlocks<f64>(u, v, A, k, from, to);
}
export function outerSum_f32(u: usize, v: usize, w: usize, x: usize, A: usize, k: i32, from: i32, to: i32): void {
  outerSums<f32>(u, v, w, x, A, k, from, to);
}
export function outerSum_f64(u: usize, v: usize, w: usize, x: usize, A: usize, k: i32, from: i32, to: i32): void {
  outerSums<f64>(u, v, w, x, A, k, from, to);
}
