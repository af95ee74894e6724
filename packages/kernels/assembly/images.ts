import { lanes } from "./lanes";
import { own } from "./own";

// Images with zeros around them. Where they need any, one image at a time is copied into scratch: the copy stays in the cache, and needs no
// more room however large the batch is.

/** [n, height, width, channels] and where an image lies within its border. The fields as src/families/images.ts lists them; strides in bytes. */
@unmanaged
export class Images {
  at: usize;
  image: usize;
  pixel: usize;
  height: i32;
  width: i32;
  channels: i32;
  /** The image's first pixel in its copy; what does not fit below and to the right is left out. */
  top: i32;
  left: i32;
  /** Extents of a copy, [paddedHeight, paddedWidth, channels]. */
  paddedHeight: i32;
  paddedWidth: i32;
  /** Room of a thread's own for a copy; 0 to read images where they are. */
  copy: usize;
}

/** Once before any image: what an image does not overwrite stays zero. */
export function clear<T>(x: Images): void {
  if (x.copy == 0) return;
  memory.fill(own(x.copy), 0, <usize>(x.paddedHeight * x.paddedWidth * x.channels) * sizeof<T>());
}

/** Where image b can be read, with its border. */
export function place<T>(x: Images, b: i32): usize {
  const source = x.at + <usize>b * x.image;
  if (x.copy == 0) return source;
  const pixel = <usize>x.channels * sizeof<T>();
  const rows = min(x.height, x.paddedHeight - x.top);
  const cols = min(x.width, x.paddedWidth - x.left);
  const dense = x.pixel == pixel;
  for (let y = 0; y < rows; y++) {
    let from = source + <usize>(y * x.width) * x.pixel;
    let to = own(x.copy) + <usize>((y + x.top) * x.paddedWidth + x.left) * pixel;
    if (dense) {
      copy<T>(from, to, cols * x.channels);
      continue;
    }
    for (let i = 0; i < cols; i++) {
      copy<T>(from, to, x.channels);
      from += x.pixel;
      to += pixel;
    }
  }
  return own(x.copy);
}

/** So many numbers, and not one more. */
export function copy<T>(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i <= count - lanes<T>(); i += lanes<T>()) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  for (; i < count; i++) {
    store<T>(to, load<T>(from));
    from += sizeof<T>();
    to += sizeof<T>();
  }
}
