import { lanes } from "./lanes";
import { own } from "./own";

// Images as planes: a vector of channels at every pixel, with zeros around. Neighbours lie a vector apart, so that a kernel reaches all of a window's row
// from one address. One image at a time is copied into scratch: the copy stays in the cache, and needs no more room however large the batch is.

/** Images [n, height, width, channels · separated]. The fields as src/families/planes.ts lists them; strides in bytes. */
@unmanaged
export class Planes {
  at: usize;
  image: usize;
  pixel: usize;
  height: i32;
  width: i32;
  channels: i32;
  /** Each channel stands so many times in a row: what the filters of a multiplier meet. */
  repeated: i32;
  /** Number c · separated + q of a pixel is channel c of image q: its vectors of channels are planes of their own. One of the two is 1. */
  separated: i32;
  /** The image's first pixel in its copy; what does not fit below and to the right is left out. */
  top: i32;
  left: i32;
  /** Extents of a copy, [vectors of channels, repeated · separated, paddedHeight, paddedWidth, lanes]. */
  paddedHeight: i32;
  paddedWidth: i32;
  /** Room of a thread's own for a copy, and its bytes. */
  copy: usize;
  copyBytes: usize;
}

/** Once before any image: what an image does not overwrite stays zero. */
export function clearPlanes(x: Planes): void {
  memory.fill(own(x.copy), 0, x.copyBytes);
}

/** Copies image b. Lanes beyond its channels hold anything. */
export function placePlanes<T>(x: Planes, b: i32): usize {
  const source = x.at + <usize>b * x.image;
  const plane = <usize>(x.paddedHeight * x.paddedWidth) * 16;
  const rows = min(x.height, x.paddedHeight - x.top);
  for (let y = 0; y < rows; y++) {
    const row = source + <usize>(y * x.width) * x.pixel;
    let to = own(x.copy) + <usize>((y + x.top) * x.paddedWidth + x.left) * 16;
    for (let c = 0; c < x.channels; c += lanes<T>()) {
      placeRow<T>(x, row + <usize>(c * x.separated) * sizeof<T>(), min(lanes<T>(), x.channels - c), to, plane);
      to += <usize>(x.repeated * x.separated) * plane;
    }
  }
  return own(x.copy);
}

/** A row of pixels, at one vector of channels, of which `count` lanes are some. */
function placeRow<T>(x: Planes, from: usize, count: i32, to: usize, plane: usize): void {
  const cols = min(x.width, x.paddedWidth - x.left);
  for (let i = 0; i < cols; i++) {
    if (x.repeated > 1) repeat<T>(from, count, x.repeated, to, plane);
    else if (x.separated == 3) separate3<T>(from, to, plane);
    else if (x.separated > 1) separate<T>(from, count, x.separated, to, plane);
    else v128.store(to, v128.load(from));
    from += x.pixel;
    to += 16;
  }
}

function repeat<T>(from: usize, count: i32, times: i32, to: usize, plane: usize): void {
  for (let i = 0; i < count * times; i++) {
    store<T>(to + <usize>(i / lanes<T>()) * plane + <usize>(i % lanes<T>()) * sizeof<T>(), load<T>(from + <usize>(i / times) * sizeof<T>()));
  }
}

function separate<T>(from: usize, count: i32, images: i32, to: usize, plane: usize): void {
  for (let c = 0; c < count; c++) {
    for (let q = 0; q < images; q++) {
      store<T>(to + <usize>q * plane + <usize>c * sizeof<T>(), load<T>(from));
      from += sizeof<T>();
    }
  }
}

// Three, the multiplier of the networks at hand, in shuffles.

/** Part 1, 2 or 3 of a vector whose lanes stand three times in a row; part 0 is the vector. */
// @ts-ignore: decorator
@inline
export function spread<T>(part: i32, x: v128): v128 {
  if (part == 0) return x;
  if (sizeof<T>() == 8) return part == 1 ? v128.shuffle<f64>(x, x, 0, 0) : part == 2 ? x : v128.shuffle<f64>(x, x, 1, 1);
  if (part == 1) return v128.shuffle<f32>(x, x, 0, 0, 0, 1);
  if (part == 2) return v128.shuffle<f32>(x, x, 1, 1, 2, 2);
  return v128.shuffle<f32>(x, x, 2, 3, 3, 3);
}

// @ts-ignore: decorator
@inline
function separate3<T>(from: usize, to: usize, plane: usize): void {
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
}
