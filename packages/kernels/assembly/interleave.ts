import { lanes } from "./lanes";

// Planes of channels and channels of planes: number c · m + q of a pixel is channel c of plane q. Three planes, the multiplier of the
// networks at hand, in shuffles; other multipliers number by number.

/** The pixel at `from`, [channels, m], into m planes. Three planes are written in whole vectors. */
// @ts-ignore: decorator
@inline
export function separate<T>(from: usize, channels: i32, m: i32, to: usize, plane: usize): void {
  if (m == 3) {
    for (let c = 0; c < channels; c += lanes<T>()) {
      const u = v128.load(from), v = v128.load(from, 16), w = v128.load(from, 32);
      if (sizeof<T>() == 4) {
        v128.store(to, v128.shuffle<f32>(v128.shuffle<f32>(u, v, 0, 3, 6, 6), w, 0, 1, 2, 5));
        v128.store(to + plane, v128.shuffle<f32>(v128.shuffle<f32>(u, v, 1, 4, 7, 7), w, 0, 1, 2, 6));
        v128.store(to + 2 * plane, v128.shuffle<f32>(v128.shuffle<f32>(u, v, 2, 5, 5, 5), w, 0, 1, 4, 7));
      } else {
        v128.store(to, v128.shuffle<f64>(u, v, 0, 3));
        v128.store(to + plane, v128.shuffle<f64>(u, w, 1, 2));
        v128.store(to + 2 * plane, v128.shuffle<f64>(v, w, 0, 3));
      }
      from += 48;
      to += 16;
    }
    return;
  }
  for (let c = 0; c < channels; c++) {
    let at = to;
    for (let q = 0; q < m; q++) {
      store<T>(at, load<T>(from));
      from += sizeof<T>();
      at += plane;
    }
    to += sizeof<T>();
  }
}

/** One vector of each of m planes, `plane` apart, of which `count` lanes are channels, to [count, m]. */
// @ts-ignore: decorator
@inline
export function interleave<T>(from: usize, plane: usize, m: i32, count: i32, to: usize): void {
  if (m == 3 && count == lanes<T>()) {
    const a = v128.load(from), b = v128.load(from + plane), c = v128.load(from + 2 * plane);
    if (sizeof<T>() == 4) {
      v128.store(to, v128.shuffle<f32>(v128.shuffle<f32>(a, b, 0, 4, 0, 1), c, 0, 1, 4, 3));
      v128.store(to, v128.shuffle<f32>(v128.shuffle<f32>(b, a, 1, 1, 6, 2), c, 0, 5, 2, 3), 16);
      v128.store(to, v128.shuffle<f32>(v128.shuffle<f32>(a, b, 3, 3, 7, 7), c, 6, 0, 2, 7), 32);
    } else {
      v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(to, v128.shuffle<f64>(c, a, 0, 3), 16);
      v128.store(to, v128.shuffle<f64>(b, c, 1, 3), 32);
    }
    return;
  }
  for (let c = 0; c < count; c++) {
    for (let q = 0; q < m; q++) {
      store<T>(to, load<T>(from + <usize>q * plane + <usize>c * sizeof<T>()));
      to += sizeof<T>();
    }
  }
}
