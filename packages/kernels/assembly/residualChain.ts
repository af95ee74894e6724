import { lanes } from "./lanes";

// Layers I + W P, W diagonal: x + W P x and its transpose, x + Pᵀ W x, for a range of the rows of P, which is a permutation. Products are rounded before
// they are added, also where multiply-adds are fused: the bits are the reference's.

/** x at a vector of indices. */
// @ts-ignore: decorator
@inline
function gathered<T>(x: usize, P: usize): v128 {
  if (sizeof<T>() == 4) {
    let z = v128.load32_zero(x + (<usize>load<i32>(P) << 2));
    z = v128.load_lane<f32>(x + (<usize>load<i32>(P, 4) << 2), z, 1);
    z = v128.load_lane<f32>(x + (<usize>load<i32>(P, 8) << 2), z, 2);
    return v128.load_lane<f32>(x + (<usize>load<i32>(P, 12) << 2), z, 3);
  }
  const z = v128.load64_zero(x + (<usize>load<i32>(P) << 3));
  return v128.load_lane<f64>(x + (<usize>load<i32>(P, 4) << 3), z, 1);
}

/** y = x + w at a number that an index names. */
// @ts-ignore: decorator
@inline
function addAt<T>(x: usize, y: usize, P: usize, w: T): void {
  const at = <usize>load<i32>(P) * sizeof<T>();
  store<T>(y + at, load<T>(x + at) + w);
}

/** The same at a vector of indices. */
// @ts-ignore: decorator
@inline
function addScattered<T>(x: usize, y: usize, P: usize, w: v128): void {
  if (sizeof<T>() == 4) {
    addAt<f32>(x, y, P, f32x4.extract_lane(w, 0));
    addAt<f32>(x, y, P + 4, f32x4.extract_lane(w, 1));
    addAt<f32>(x, y, P + 8, f32x4.extract_lane(w, 2));
    addAt<f32>(x, y, P + 12, f32x4.extract_lane(w, 3));
  } else {
    addAt<f64>(x, y, P, f64x2.extract_lane(w, 0));
    addAt<f64>(x, y, P + 4, f64x2.extract_lane(w, 1));
  }
}

/** y = x + W z, z = P x. Where r is given, A = r z in place of z is kept. */
// @ts-ignore: decorator
@inline
function climb<T>(x: usize, P: usize, W: usize, r: usize, kept: usize, y: usize, from: i32, to: i32, differentiates: bool): void {
  let i = from;
  for (; i <= to - lanes<T>(); i += lanes<T>()) {
    const at = <usize>i * sizeof<T>();
    const z = gathered<T>(x, P + (<usize>i << 2));
    v128.store(kept + at, differentiates ? v128.mul<T>(v128.load(r + at), z) : z);
    v128.store(y + at, v128.add<T>(v128.load(x + at), v128.mul<T>(v128.load(W + at), z)));
  }
  for (; i < to; i++) {
    const at = <usize>i * sizeof<T>();
    const z = load<T>(x + <usize>load<i32>(P + (<usize>i << 2)) * sizeof<T>());
    store<T>(kept + at, differentiates ? <T>(load<T>(r + at) * z) : z);
    store<T>(y + at, <T>(load<T>(x + at) + <T>(load<T>(W + at) * z)));
  }
}

/** y = x + Pᵀ W x. Where z is given, A = x z is kept. */
// @ts-ignore: decorator
@inline
function descend<T>(x: usize, P: usize, W: usize, z: usize, A: usize, y: usize, from: i32, to: i32, differentiates: bool): void {
  let i = from;
  for (; i <= to - lanes<T>(); i += lanes<T>()) {
    const at = <usize>i * sizeof<T>();
    const u = v128.load(x + at);
    if (differentiates) v128.store(A + at, v128.mul<T>(u, v128.load(z + at)));
    addScattered<T>(x, y, P + (<usize>i << 2), v128.mul<T>(v128.load(W + at), u));
  }
  for (; i < to; i++) {
    const at = <usize>i * sizeof<T>();
    const u = load<T>(x + at);
    if (differentiates) store<T>(A + at, <T>(u * load<T>(z + at)));
    addAt<T>(x, y, P + (<usize>i << 2), <T>(load<T>(W + at) * u));
  }
}

export function residualClimb_f32(x: usize, P: usize, W: usize, z: usize, y: usize, from: i32, to: i32): void {
  climb<f32>(x, P, W, 0, z, y, from, to, false);
}
export function residualClimb_f64(x: usize, P: usize, W: usize, z: usize, y: usize, from: i32, to: i32): void {
  climb<f64>(x, P, W, 0, z, y, from, to, false);
}
export function residualClimbGradient_f32(x: usize, P: usize, W: usize, r: usize, A: usize, y: usize, from: i32, to: i32): void {
  climb<f32>(x, P, W, r, A, y, from, to, true);
}
export function residualClimbGradient_f64(x: usize, P: usize, W: usize, r: usize, A: usize, y: usize, from: i32, to: i32): void {
  climb<f64>(x, P, W, r, A, y, from, to, true);
}
export function residualDescend_f32(x: usize, P: usize, W: usize, y: usize, from: i32, to: i32): void {
  descend<f32>(x, P, W, 0, 0, y, from, to, false);
}
export function residualDescend_f64(x: usize, P: usize, W: usize, y: usize, from: i32, to: i32): void {
  descend<f64>(x, P, W, 0, 0, y, from, to, false);
}
export function residualDescendGradient_f32(x: usize, P: usize, W: usize, z: usize, A: usize, y: usize, from: i32, to: i32): void {
  descend<f32>(x, P, W, z, A, y, from, to, true);
}
export function residualDescendGradient_f64(x: usize, P: usize, W: usize, z: usize, A: usize, y: usize, from: i32, to: i32): void {
  descend<f64>(x, P, W, z, A, y, from, to, true);
}
