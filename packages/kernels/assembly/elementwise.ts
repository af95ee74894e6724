import { lanes, loadSplat } from "./lanes";
import { exponential } from "./exponential";
import { arctangent, hyperbolicTangent, logistic, naturalLogarithm } from "./transcendental";

// Maps over rows: each operand has a stride from row to row, and along a row its numbers are dense or one number stands still. Which operation runs is a
// constant of each exported function, so that only one is left in its loop. Strides are in bytes.

const ADD: i32 = 0, SUB: i32 = 1, MUL: i32 = 2, DIV: i32 = 3, MAXIMUM: i32 = 4, MINIMUM: i32 = 5;
const GREATER: i32 = 6, GREATER_EQUAL: i32 = 7, EQUAL: i32 = 8, ATAN_GRADIENT: i32 = 9;

const NEG: i32 = 0, ABS: i32 = 1, SQRT: i32 = 2, SIGN: i32 = 3;
const EXP: i32 = 4, LOG: i32 = 5, TANH: i32 = 6, SIGMOID: i32 = 7, ATAN: i32 = 8;

// @ts-ignore: decorator
@inline
function one<T>(): v128 {
  return v128.splat<T>(<T>1);
}

/** y²; in float32 the largest finite number where that overflows, so that ∞/(1 + y²) stays what it is in the reference, which computes in float64. */
// @ts-ignore: decorator
@inline
function square<T>(y: v128): v128 {
  const z = v128.mul<T>(y, y);
  if (sizeof<T>() == 8) return z;
  return v128.bitselect(z, f32x4.min(z, f32x4.splat(f32.MAX_VALUE)), f32x4.eq(f32x4.abs(y), f32x4.splat(f32.POSITIVE_INFINITY)));
}

// @ts-ignore: decorator
@inline
function binary<T>(op: i32, x: v128, y: v128): v128 {
  if (op == ADD) return v128.add<T>(x, y);
  if (op == SUB) return v128.sub<T>(x, y);
  if (op == MUL) return v128.mul<T>(x, y);
  if (op == DIV) return v128.div<T>(x, y);
  if (op == MAXIMUM) return v128.max<T>(x, y);
  if (op == MINIMUM) return v128.min<T>(x, y);
  if (op == GREATER) return v128.and(v128.gt<T>(x, y), one<T>());
  if (op == GREATER_EQUAL) return v128.and(v128.ge<T>(x, y), one<T>());
  if (op == EQUAL) return v128.and(v128.eq<T>(x, y), one<T>());
  return v128.div<T>(x, v128.add<T>(one<T>(), square<T>(y)));
}

// @ts-ignore: decorator
@inline
function unary<T>(op: i32, x: v128): v128 {
  if (op == NEG) return v128.neg<T>(x);
  if (op == ABS) return v128.abs<T>(x);
  if (op == SQRT) return v128.sqrt<T>(x);
  if (op == SIGN) {
    const zero = v128.splat<T>(<T>0);
    const size = v128.or(v128.and(v128.gt<T>(x, zero), one<T>()), v128.and(v128.lt<T>(x, zero), v128.splat<T>(<T>-1)));
    return v128.bitselect(size, x, v128.or(v128.gt<T>(x, zero), v128.lt<T>(x, zero)));
  }
  if (op == EXP) return exponential(x);
  if (op == LOG) return naturalLogarithm(x);
  if (op == TANH) return hyperbolicTangent(x);
  if (op == SIGMOID) return logistic(x);
  return arctangent(x);
}

/** The first `count` lanes, fewer than all. */
// @ts-ignore: decorator
@inline
export function storeSome<T>(at: usize, x: v128, count: i32): void {
  if (sizeof<T>() == 8) v128.store64_lane(at, x, 0);
  else if (count & 2) {
    v128.store64_lane(at, x, 0);
    if (count & 1) v128.store32_lane(at + 8, x, 2);
  } else v128.store32_lane(at, x, 0);
}

// @ts-ignore: decorator
@inline
function binaryRows<T>(op: i32, x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  const rest = cols & (lanes<T>() - 1);
  const bytes = <usize>(cols - rest) * sizeof<T>();
  for (let row = from; row < to; row++) {
    const a = x + <usize>row * xRow, b = y + <usize>row * yRow, c = out + <usize>row * <usize>cols * sizeof<T>();
    if (xStill) {
      const u = loadSplat<T>(a);
      for (let at: usize = 0; at < bytes; at += 16) v128.store(c + at, binary<T>(op, u, v128.load(b + at)));
      if (rest) storeSome<T>(c + bytes, binary<T>(op, u, v128.load(b + bytes)), rest);
    } else if (yStill) {
      const u = loadSplat<T>(b);
      for (let at: usize = 0; at < bytes; at += 16) v128.store(c + at, binary<T>(op, v128.load(a + at), u));
      if (rest) storeSome<T>(c + bytes, binary<T>(op, v128.load(a + bytes), u), rest);
    } else {
      for (let at: usize = 0; at < bytes; at += 16) v128.store(c + at, binary<T>(op, v128.load(a + at), v128.load(b + at)));
      if (rest) storeSome<T>(c + bytes, binary<T>(op, v128.load(a + bytes), v128.load(b + bytes)), rest);
    }
  }
}

/** Numbers `from` to `to` of a dense array; `from` is a multiple of four. */
// @ts-ignore: decorator
@inline
function unaryDense<T>(op: i32, x: usize, out: usize, from: i32, to: i32): void {
  const rest = (to - from) & (lanes<T>() - 1);
  const end = <usize>(to - rest) * sizeof<T>();
  for (let at = <usize>from * sizeof<T>(); at < end; at += 16) v128.store(out + at, unary<T>(op, v128.load(x + at)));
  if (rest) storeSome<T>(out + end, unary<T>(op, v128.load(x + end)), rest);
}

/** y where x is not zero, z elsewhere. */
function select<T>(
  x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, z: usize, zRow: usize, zStill: bool, out: usize, from: i32, to: i32, cols: i32,
): void {
  const rest = cols & (lanes<T>() - 1);
  const bytes = <usize>(cols - rest) * sizeof<T>();
  const zero = v128.splat<T>(<T>0);
  for (let row = from; row < to; row++) {
    const a = x + <usize>row * xRow, b = y + <usize>row * yRow, c = z + <usize>row * zRow;
    const to = out + <usize>row * <usize>cols * sizeof<T>();
    const a0 = loadSplat<T>(a), b0 = loadSplat<T>(b), c0 = loadSplat<T>(c);
    for (let at: usize = 0; at < <usize>cols * sizeof<T>(); at += 16) {
      const u = xStill ? a0 : v128.load(a + at), v = yStill ? b0 : v128.load(b + at), w = zStill ? c0 : v128.load(c + at);
      const chosen = v128.bitselect(v, w, v128.ne<T>(u, zero));
      if (at < bytes) v128.store(to + at, chosen);
      else storeSome<T>(to + at, chosen, rest);
    }
  }
}

export function castTo_f32(x: usize, out: usize, from: i32, to: i32): void {
  let i = from;
  for (; i + 2 <= to; i += 2) v128.store64_lane(out + <usize>i * 4, f32x4.demote_f64x2_zero(v128.load(x + <usize>i * 8)), 0);
  if (i < to) store<f32>(out + <usize>i * 4, <f32>load<f64>(x + <usize>i * 8));
}
export function castTo_f64(x: usize, out: usize, from: i32, to: i32): void {
  let i = from;
  for (; i + 2 <= to; i += 2) v128.store(out + <usize>i * 8, f64x2.promote_low_f32x4(v128.load64_zero(x + <usize>i * 4)));
  if (i < to) store<f64>(out + <usize>i * 8, <f64>load<f32>(x + <usize>i * 4));
}
export function select_f32(
  x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, z: usize, zRow: usize, zStill: bool, out: usize, from: i32, to: i32, cols: i32,
): void {
  select<f32>(x, xRow, xStill, y, yRow, yStill, z, zRow, zStill, out, from, to, cols);
}
export function select_f64(
  x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, z: usize, zRow: usize, zStill: bool, out: usize, from: i32, to: i32, cols: i32,
): void {
  select<f64>(x, xRow, xStill, y, yRow, yStill, z, zRow, zStill, out, from, to, cols);
}
export function add_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(ADD, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function add_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(ADD, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function sub_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(SUB, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function sub_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(SUB, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function mul_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(MUL, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function mul_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(MUL, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function div_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(DIV, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function div_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(DIV, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function maximum_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(MAXIMUM, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function maximum_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(MAXIMUM, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function minimum_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(MINIMUM, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function minimum_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(MINIMUM, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function greater_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(GREATER, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function greater_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(GREATER, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function greaterEqual_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(GREATER_EQUAL, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function greaterEqual_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(GREATER_EQUAL, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function equal_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(EQUAL, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function equal_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(EQUAL, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function atanGradient_f32(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f32>(ATAN_GRADIENT, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function atanGradient_f64(x: usize, xRow: usize, xStill: bool, y: usize, yRow: usize, yStill: bool, out: usize, from: i32, to: i32, cols: i32): void {
  binaryRows<f64>(ATAN_GRADIENT, x, xRow, xStill, y, yRow, yStill, out, from, to, cols);
}
export function neg_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(NEG, x, out, from, to);
}
export function neg_f64(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f64>(NEG, x, out, from, to);
}
export function abs_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(ABS, x, out, from, to);
}
export function abs_f64(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f64>(ABS, x, out, from, to);
}
export function sqrt_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(SQRT, x, out, from, to);
}
export function sqrt_f64(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f64>(SQRT, x, out, from, to);
}
export function sign_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(SIGN, x, out, from, to);
}
export function sign_f64(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f64>(SIGN, x, out, from, to);
}
export function exp_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(EXP, x, out, from, to);
}
export function log_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(LOG, x, out, from, to);
}
export function tanh_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(TANH, x, out, from, to);
}
export function sigmoid_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(SIGMOID, x, out, from, to);
}
export function atan_f32(x: usize, out: usize, from: i32, to: i32): void {
  unaryDense<f32>(ATAN, x, out, from, to);
}
