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

export { adam_f32, adam_f64 } from "./adam";
export { mix_f32, mix_f64, outerBlocks_f32, outerBlocks_f64, unmix_f32, unmix_f64 } from "./chain";
export { gather_f32, gather_f64, scatterAdd_f32, scatterAdd_f64 } from "./permute";
export { convolve_f32, convolve_f64, packFilter_f32, packFilter_f64 } from "./convolution";
export { addPieces_f32, addPieces_f64, sumPieces_f32, sumPieces_f64 } from "./filterGradient";
