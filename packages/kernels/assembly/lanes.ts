// What is common to vectors of four float32 and of two float64. FUSED is set when compiling: multiply-adds round once there, and twice
// elsewhere.

/** Numbers of type T in a vector. */
// @ts-ignore: decorator
@inline
export function lanes<T>(): i32 {
  return <i32>(16 / sizeof<T>());
}

/** a + b·c */
// @ts-ignore: decorator
@inline
export function addMul<T>(a: v128, b: v128, c: v128): v128 {
  if (FUSED) return sizeof<T>() == 4 ? f32x4.relaxed_madd(b, c, a) : f64x2.relaxed_madd(b, c, a);
  return v128.add<T>(a, v128.mul<T>(b, c));
}

/** The number at an address in every lane. */
// @ts-ignore: decorator
@inline
export function loadSplat<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(at) : v128.load64_splat(at);
}
