// Numbers moved by lists of indices (i32).

/** to[i] = x[indices[i]] for `count` numbers that lie `stride` bytes apart in x. */
export function gather<T>(x: usize, stride: usize, indices: usize, to: usize, count: i32): void {
  const end = indices + (<usize>count << 2);
  const unrolled = indices + (<usize>(count & ~3) << 2);
  for (; indices < unrolled; indices += 16) {
    const a = load<T>(x + <usize>load<i32>(indices) * stride), b = load<T>(x + <usize>load<i32>(indices, 4) * stride);
    const c = load<T>(x + <usize>load<i32>(indices, 8) * stride), d = load<T>(x + <usize>load<i32>(indices, 12) * stride);
    store<T>(to, a);
    store<T>(to, b, sizeof<T>());
    store<T>(to, c, 2 * sizeof<T>());
    store<T>(to, d, 3 * sizeof<T>());
    to += 4 * sizeof<T>();
  }
  for (; indices < end; indices += 4) {
    store<T>(to, load<T>(x + <usize>load<i32>(indices) * stride));
    to += sizeof<T>();
  }
}

/** to[indices[i]] = x[i]: the transpose of gathering where no index occurs twice. */
export function scatter<T>(x: usize, indices: usize, to: usize, count: i32): void {
  const end = indices + (<usize>count << 2);
  const unrolled = indices + (<usize>(count & ~3) << 2);
  for (; indices < unrolled; indices += 16) {
    store<T>(to + <usize>load<i32>(indices) * sizeof<T>(), load<T>(x));
    store<T>(to + <usize>load<i32>(indices, 4) * sizeof<T>(), load<T>(x, sizeof<T>()));
    store<T>(to + <usize>load<i32>(indices, 8) * sizeof<T>(), load<T>(x, 2 * sizeof<T>()));
    store<T>(to + <usize>load<i32>(indices, 12) * sizeof<T>(), load<T>(x, 3 * sizeof<T>()));
    x += 4 * sizeof<T>();
  }
  for (; indices < end; indices += 4) {
    store<T>(to + <usize>load<i32>(indices) * sizeof<T>(), load<T>(x));
    x += sizeof<T>();
  }
}

/** to[indices[i]] += x[i], from n zeros, for numbers `stride` bytes apart in x, in the order of i. */
export function scatterAdd<T>(x: usize, stride: usize, indices: usize, to: usize, count: i32, n: i32): void {
  memory.fill(to, 0, <usize>n * sizeof<T>());
  const end = indices + (<usize>count << 2);
  for (; indices < end; indices += 4) {
    const at = to + <usize>load<i32>(indices) * sizeof<T>();
    store<T>(at, load<T>(at) + load<T>(x));
    x += stride;
  }
}

export function gather_f32(x: usize, stride: usize, indices: usize, to: usize, count: i32): void {
  gather<f32>(x, stride, indices, to, count);
}
export function gather_f64(x: usize, stride: usize, indices: usize, to: usize, count: i32): void {
  gather<f64>(x, stride, indices, to, count);
}
export function scatterAdd_f32(x: usize, stride: usize, indices: usize, to: usize, count: i32, n: i32): void {
  scatterAdd<f32>(x, stride, indices, to, count, n);
}
export function scatterAdd_f64(x: usize, stride: usize, indices: usize, to: usize, count: i32, n: i32): void {
  scatterAdd<f64>(x, stride, indices, to, count, n);
}
