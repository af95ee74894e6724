import { exponential } from "./exponential";
import { copy } from "./images";
import { lanes } from "./lanes";

/** The largest number of a row in whole vectors, but for NaN, which makes the row's sum NaN whatever the shift is. */
function largest(row: usize, end: usize): f32 {
  let top = f32x4.splat(-Infinity);
  for (let at = row; at < end; at += 16) top = f32x4.pmax(top, v128.load(at));
  return max(
    max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1)),
    max(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3)),
  );
}

/**
 * Probabilities of the rows `from` to `to` of logits [n, classes]; of each row also the shift and the sum of the exponentials, in float64, so that what
 * the small ones add to the largest, 1, is not lost: a small loss is ln of it. `row`: room for a row in whole vectors.
 */
export function softmaxRows_f32(
  logits: usize, classes: i32, probabilities: usize, shifts: usize, sums: usize, row: usize, from: i32, to: i32,
): void {
  const bytes = <usize>classes * 4;
  const end = row + ((bytes + 15) & -16);
  for (let i = from; i < to; i++) {
    // e to the −∞ adds nothing.
    if (end - row != bytes) v128.store(end - 16, f32x4.splat(-Infinity));
    copy<f32>(logits + <usize>i * bytes, row, classes);
    const top = largest(row, end);
    const shift = abs(top) < Infinity ? top : <f32>0;
    let low = f64x2.splat(0), high = low;
    for (let at = row; at < end; at += 16) {
      const power = exponential(f32x4.sub(v128.load(at), f32x4.splat(shift)));
      v128.store(at, power);
      low = f64x2.add(low, f64x2.promote_low_f32x4(power));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(power, power, 1, 1)));
    }
    const both = f64x2.add(low, high);
    const sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    const divisor = f32x4.splat(<f32>sum);
    for (let at = row; at < end; at += 16) v128.store(at, f32x4.div(v128.load(at), divisor));
    copy<f32>(row, probabilities + <usize>i * bytes, classes);
    store<f64>(shifts + <usize>i * 8, <f64>shift);
    store<f64>(sums + <usize>i * 8, sum);
  }
}

function sumOf<T>(at: usize, count: i32): T {
  let sums = v128.splat<T>(<T>0), i = 0;
  for (; i <= count - lanes<T>(); i += lanes<T>()) {
    sums = v128.add<T>(sums, v128.load(at));
    at += 16;
  }
  let sum = v128.extract_lane<T>(sums, 0) + v128.extract_lane<T>(sums, 1);
  if (sizeof<T>() == 4) sum += v128.extract_lane<T>(sums, 2) + v128.extract_lane<T>(sums, 3);
  for (; i < count; i++) {
    sum += load<T>(at);
    at += sizeof<T>();
  }
  return sum;
}

function scaled<T>(from: usize, factor: T, count: i32, to: usize): void {
  let i = 0;
  for (; i <= count - lanes<T>(); i += lanes<T>()) {
    v128.store(to, v128.mul<T>(v128.load(from), v128.splat<T>(factor)));
    from += 16;
    to += 16;
  }
  for (; i < count; i++) {
    store<T>(to, load<T>(from) * factor);
    from += sizeof<T>();
    to += sizeof<T>();
  }
}

/** ct ⊙ (probabilities − one-hot labels), rows `from` to `to` of [n, classes]; at the label minus the sum of the others. */
export function crossEntropyGradient<T>(
  ct: usize, probabilities: usize, labels: usize, classes: i32, out: usize, from: i32, to: i32,
): void {
  const bytes = <usize>classes * sizeof<T>();
  for (let i = from; i < to; i++) {
    const row = probabilities + <usize>i * bytes;
    const label = load<i32>(labels + <usize>i * 4);
    const after = label + 1;
    const factor = load<T>(ct + <usize>i * sizeof<T>());
    const others = sumOf<T>(row, label) + sumOf<T>(row + <usize>after * sizeof<T>(), classes - after);
    scaled<T>(row, factor, classes, out + <usize>i * bytes);
    // An infinite logit leaves NaN there alone.
    const own = load<T>(row + <usize>label * sizeof<T>());
    store<T>(out + <usize>i * bytes + <usize>label * sizeof<T>(), own == own ? -factor * others : own);
  }
}

export function crossEntropyGradient_f32(
  ct: usize, probabilities: usize, labels: usize, classes: i32, out: usize, from: i32, to: i32,
): void {
  crossEntropyGradient<f32>(ct, probabilities, labels, classes, out, from, to);
}
export function crossEntropyGradient_f64(
  ct: usize, probabilities: usize, labels: usize, classes: i32, out: usize, from: i32, to: i32,
): void {
  crossEntropyGradient<f64>(ct, probabilities, labels, classes, out, from, to);
}
