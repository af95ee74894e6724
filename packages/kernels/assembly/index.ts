// What the module exports: each generic kernel at both types, named with the type at its end.
import { multiply, pack } from "./matmul";

export function pack_f32(b: usize, rowStride: usize, colStride: usize, K: i32, N: i32, out: usize): void {
  pack<f32>(b, rowStride, colStride, K, N, out);
}
export function pack_f64(b: usize, rowStride: usize, colStride: usize, K: i32, N: i32, out: usize): void {
  pack<f64>(b, rowStride, colStride, K, N, out);
}
export function multiply_f32(
  a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, from: i32, to: i32, N: i32, K: i32, scratch: usize,
): void {
  multiply<f32>(a, aRow, aCol, packed, c, from, to, N, K, scratch);
}
export function multiply_f64(
  a: usize, aRow: usize, aCol: usize, packed: usize, c: usize, from: i32, to: i32, N: i32, K: i32, scratch: usize,
): void {
  multiply<f64>(a, aRow, aCol, packed, c, from, to, N, K, scratch);
}
