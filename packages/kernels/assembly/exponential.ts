// eˣ of four float32 at once: eˣ = 2ⁿ eʳ with n the integer nearest x / ln 2 and |r| ≤ ln 2 / 2, and eʳ from its Taylor polynomial of degree
// 7, whose remainder r⁸/8! is below 0.05 of an ulp. ln 2 is taken in two parts, the first of 9 bits, so that n times it is exact.

/** Above it eˣ is +∞ in float32; below LOWEST it rounds to 0. */
const HIGHEST: f32 = 89;
const LOWEST: f32 = -104;
const LOG2_E: f32 = 1.4426950408889634;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444005469057e-4;
/** 1.5 · 2²³: a float32 of this size has no fraction, so adding it rounds, and leaves an integer in the low bits. */
const ROUNDER: f32 = 12582912;

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** 2ⁿ for integers −126 ≤ n ≤ 127. */
// @ts-ignore: decorator
@inline
function power(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** Within 1.5 ulp; NaN stays NaN, results below 2⁻¹²⁶ are rounded as such. Nothing is fused: the same bits in every variant. */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  // These keep the first of the two where one is NaN.
  const t = f32x4.pmax(f32x4.pmin(x, splat(HIGHEST)), splat(LOWEST));
  const rounded = f32x4.add(f32x4.mul(t, splat(LOG2_E)), splat(ROUNDER));
  const n = f32x4.sub(rounded, splat(ROUNDER));
  const r = f32x4.sub(f32x4.sub(t, f32x4.mul(n, splat(LN2_HIGH))), f32x4.mul(n, splat(LN2_LOW)));
  let p = splat(<f32>(1.0 / 5040.0));
  p = f32x4.add(f32x4.mul(p, r), splat(<f32>(1.0 / 720.0)));
  p = f32x4.add(f32x4.mul(p, r), splat(<f32>(1.0 / 120.0)));
  p = f32x4.add(f32x4.mul(p, r), splat(<f32>(1.0 / 24.0)));
  p = f32x4.add(f32x4.mul(p, r), splat(<f32>(1.0 / 6.0)));
  p = f32x4.add(f32x4.mul(p, r), splat(0.5));
  p = f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r);
  p = f32x4.add(p, splat(1));
  // In two steps, since 2¹²⁸ and 2⁻¹⁵⁰ are no float32 of full precision.
  const whole = i32x4.sub(rounded, i32x4.splat(0x4b400000));
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, power(half)), power(i32x4.sub(whole, half)));
}
