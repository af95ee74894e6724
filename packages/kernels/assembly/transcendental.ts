import { exponential } from "./exponential";

// ln, tanh, σ and arctan of four float32 at once, in float32 throughout. Nothing is fused: the same bits in every variant. The coefficients are fitted by
// coefficients/fit.js, where the error that each fit leaves is printed; what is stated here is that error with all roundings.

const SIGN: i32 = 0x80000000;

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** p·x + c */
// @ts-ignore: decorator
@inline
function next(p: v128, x: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(p, x), splat(c));
}

/** a + x·b */
// @ts-ignore: decorator
@inline
function plus(a: v128, x: v128, b: v128): v128 {
  return f32x4.add(a, f32x4.mul(x, b));
}

/** a + b·x */
// @ts-ignore: decorator
@inline
function line(a: f32, b: f32, x: v128): v128 {
  return plus(splat(a), x, splat(b));
}

/** The sign of x on the size of y. */
// @ts-ignore: decorator
@inline
function withSign(x: v128, y: v128): v128 {
  return v128.or(y, v128.and(x, i32x4.splat(SIGN)));
}

/** Within 2 ulp: arctan t with t = min(|x|, 1/|x|), taken from π/2 in two parts where |x| > 1. */
// @ts-ignore: decorator
@inline
export function arctangent(x: v128): v128 {
  const size = f32x4.abs(x);
  const one = splat(1);
  const large = f32x4.gt(size, one);
  const t = f32x4.div(f32x4.pmin(size, one), f32x4.pmax(size, one));
  const z = f32x4.mul(t, t);
  // In pairs, and pairs of pairs: one after the other, the powers would wait for each other.
  const z2 = f32x4.mul(z, z);
  const z4 = f32x4.mul(z2, z2);
  const low = plus(line(-0.33333128690719604, 0.19993147253990173, z), z2, line(-0.14205777645111084, 0.10644787549972534, z));
  const high = plus(line(-0.0750645250082016, 0.04266810044646263, z), z2, line(-0.01603245548903942, 0.002836743602529168, z));
  const q = plus(low, z4, high);
  const y = f32x4.add(t, f32x4.mul(f32x4.mul(t, z), q));
  // The float32 nearest to π/2 is above it by three quarters of an ulp of what comes out near π/4.
  const fromHalfPi = f32x4.sub(f32x4.sub(splat(1.5707963705062866), y), splat(4.371138828673793e-8));
  return withSign(x, v128.bitselect(fromHalfPi, y, large));
}

/** Within 2 ulp: a polynomial up to 0.625, 1 − 2/(e²ˣ + 1) beyond. */
// @ts-ignore: decorator
@inline
export function hyperbolicTangent(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let q = splat(0.0022927422542124987);
  q = next(q, z, -0.00834394246339798);
  q = next(q, z, 0.02176891826093197);
  q = next(q, z, -0.053959257900714874);
  q = next(q, z, 0.13333304226398468);
  q = next(q, z, -0.3333333432674408);
  const small = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), q));
  const e = exponential(f32x4.add(size, size));
  const large = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(e, splat(1))));
  return v128.bitselect(withSign(x, large), small, f32x4.gt(size, splat(0.625)));
}

/** Within 2.5 ulp: with e = e^−|x|, 1/(1 + e) above 0 and e/(1 + e) below, where the other would overflow. */
// @ts-ignore: decorator
@inline
export function logistic(x: v128): v128 {
  const one = splat(1);
  const e = exponential(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, splat(0))), f32x4.add(one, e));
}

/** Within 1.5 ulp: x = 2ⁿ (1 + f) with √½ ≤ 1 + f < √2, and ln x = n ln 2 + f − f²/2 + f³ q(f), small parts first. */
// @ts-ignore: decorator
@inline
export function naturalLogarithm(x: v128): v128 {
  // Below 2⁻¹²⁶ the exponent says nothing until it is scaled.
  const tiny = f32x4.lt(x, splat(1.1754943508222875e-38));
  const scaled = v128.bitselect(f32x4.mul(x, splat(16777216)), x, tiny);
  // Distance of the exponent from that of √½, so that 1 + f comes out on its right side.
  const n = i32x4.shr_s(i32x4.sub(scaled, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(scaled, i32x4.shl(n, 23));
  const exponent = f32x4.sub(f32x4.convert_i32x4_s(n), v128.and(tiny, splat(24)));
  const f = f32x4.sub(m, splat(1));
  const square = f32x4.mul(f, f);
  let q = splat(-0.06201416626572609);
  q = next(q, f, 0.10530814528465271);
  q = next(q, f, -0.1064620390534401);
  q = next(q, f, 0.11037793755531311);
  q = next(q, f, -0.12450742721557617);
  q = next(q, f, 0.14286524057388306);
  q = next(q, f, -0.1666800081729889);
  q = next(q, f, 0.2000001072883606);
  q = next(q, f, -0.24999989569187164);
  q = next(q, f, 0.3333333432674408);
  let y = f32x4.mul(f32x4.mul(square, f), q);
  y = f32x4.add(y, f32x4.mul(exponent, splat(-2.1219444005469057e-4)));
  y = f32x4.sub(y, f32x4.mul(square, splat(0.5)));
  y = f32x4.add(f32x4.add(f, y), f32x4.mul(exponent, splat(0.693359375)));
  const infinity = splat(f32.POSITIVE_INFINITY);
  y = v128.bitselect(x, y, v128.or(f32x4.eq(x, infinity), f32x4.ne(x, x)));
  y = v128.bitselect(f32x4.neg(infinity), y, f32x4.eq(x, splat(0)));
  return v128.bitselect(splat(f32.NaN), y, f32x4.lt(x, splat(0)));
}
