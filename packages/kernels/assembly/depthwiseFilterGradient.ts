import { addMul, lanes } from "./lanes";
import { Planes, clearPlanes, placePlanes, spread } from "./planes";

// The gradient of a depthwise convolution in its filter: each tap's sum, over all windows, of a vector of channels times the same channels of the
// cotangent; under a multiplier each channel of the image is repeated for its filters. Pieces of images as in filterGradient.ts.

const WINDOWS: i32 = 4;
/** Windows that meet every channel before the next ones do: they and their cotangents stay in the first cache. */
const BLOCK: i32 = 28;

/** The fields as src/families/depthwiseFilterGradient.ts lists them; strides in bytes. */
@unmanaged
export class DepthwiseFilterGradient {
  /** Images in all, and how many make a piece. */
  images: i32;
  perPiece: i32;
  /** From window to window, a window's taps, and from plane to plane, as in DepthwiseWindows. */
  down: usize;
  step: usize;
  rows: i32;
  cols: i32;
  line: usize;
  plane: usize;
  spread: i32;
  /** Of the cotangent, and from image to image, row to row, window to window. */
  channels: i32;
  ct: usize;
  ctImage: usize;
  ctRow: usize;
  ctStep: usize;
  tall: i32;
  wide: i32;
  /** Sums of each piece, [vectors of channels, rows, cols, lanes], and the bytes that they take. */
  sums: usize;
  pieceBytes: usize;
  /** Result [rows, cols, channels]. */
  out: usize;
}

/** Sums of the pieces `from` to `to`. */
export function sumDepthwisePieces<T>(x: Planes, k: DepthwiseFilterGradient, from: i32, to: i32): void {
  clearPlanes(x);
  const tall = max(1, BLOCK / k.wide);
  for (let p = from; p < to; p++) {
    const sums = k.sums + <usize>p * k.pieceBytes;
    memory.fill(sums, 0, k.pieceBytes);
    const end = min(k.images, (p + 1) * k.perPiece);
    for (let b = p * k.perPiece; b < end; b++) {
      const image = placePlanes<T>(x, b);
      const ct = k.ct + <usize>b * k.ctImage;
      for (let y = 0; y < k.tall; y += tall) {
        block<T>(k, image + <usize>y * k.down, ct + <usize>y * k.ctRow, min(tall, k.tall - y), sums);
      }
    }
  }
}

/** Adds some rows of windows of one image. */
function block<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  for (let c = 0; c < k.channels; c += lanes<T>()) {
    const vector = c / lanes<T>();
    const part = k.spread == 3 ? 1 + vector % 3 : 0;
    let at = a + <usize>(vector / k.spread) * k.plane;
    for (let v = 0; v < k.rows; v++) {
      if (k.cols == 3 && k.step == 16) threeTaps<T>(part, k, at, ct, tall, sums);
      else for (let u = 0; u < k.cols; u++) tap<T>(part, k, at + <usize>(u * 16), ct, tall, sums + <usize>(u * 16));
      sums += <usize>(k.cols * 16);
      at += k.line;
    }
    ct += 16;
  }
}

// @ts-ignore: decorator
@inline
function addTo<T>(at: usize, x: v128): void {
  v128.store(at, v128.add<T>(v128.load(at), x));
}

function tap<T>(part: i32, k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  let sum = v128.splat<T>(<T>0);
  for (let y = 0; y < tall; y++) {
    let x = a, g = ct;
    for (let i = 0; i < k.wide; i++) {
      sum = addMul<T>(sum, spread<T>(part, v128.load(x)), v128.load(g));
      x += k.step;
      g += k.ctStep;
    }
    a += k.down;
    ct += k.ctRow;
  }
  addTo<T>(sums, sum);
}

function threeTaps<T>(part: i32, k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  if (part == 0) threeTaps0<T>(k, a, ct, tall, sums);
  else if (part == 1) threeTaps1<T>(k, a, ct, tall, sums);
  else if (part == 2) threeTaps2<T>(k, a, ct, tall, sums);
  else threeTaps3<T>(k, a, ct, tall, sums);
}

/** A row of three taps, four neighbouring windows at a time: they share most of the pixels. */
// @ts-ignore: decorator
@inline
function sumThreeTaps<T>(part: i32, k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  let s0 = v128.splat<T>(<T>0), s1 = s0, s2 = s0;
  const ctStep = k.ctStep, wide = k.wide;
  for (let y = 0; y < tall; y++) {
    let x = a, g = ct;
    let i = 0;
    for (; i <= wide - WINDOWS; i += WINDOWS) {
      const g0 = v128.load(g), g1 = v128.load(g + ctStep), g2 = v128.load(g + 2 * ctStep), g3 = v128.load(g + 3 * ctStep);
      const x0 = spread<T>(part, v128.load(x)), x1 = spread<T>(part, v128.load(x, 16)), x2 = spread<T>(part, v128.load(x, 32));
      const x3 = spread<T>(part, v128.load(x, 48)), x4 = spread<T>(part, v128.load(x, 64)), x5 = spread<T>(part, v128.load(x, 80));
      s0 = v128.add<T>(s0, v128.add<T>(addMul<T>(v128.mul<T>(x0, g0), x1, g1), addMul<T>(v128.mul<T>(x2, g2), x3, g3)));
      s1 = v128.add<T>(s1, v128.add<T>(addMul<T>(v128.mul<T>(x1, g0), x2, g1), addMul<T>(v128.mul<T>(x3, g2), x4, g3)));
      s2 = v128.add<T>(s2, v128.add<T>(addMul<T>(v128.mul<T>(x2, g0), x3, g1), addMul<T>(v128.mul<T>(x4, g2), x5, g3)));
      x += WINDOWS * 16;
      g += WINDOWS * ctStep;
    }
    for (; i < wide; i++) {
      const g0 = v128.load(g);
      s0 = addMul<T>(s0, spread<T>(part, v128.load(x)), g0);
      s1 = addMul<T>(s1, spread<T>(part, v128.load(x, 16)), g0);
      s2 = addMul<T>(s2, spread<T>(part, v128.load(x, 32)), g0);
      x += 16;
      g += ctStep;
    }
    a += k.down;
    ct += k.ctRow;
  }
  addTo<T>(sums, s0);
  addTo<T>(sums + 16, s1);
  addTo<T>(sums + 32, s2);
}

// Functions of their own, as in depthwise.ts.
function threeTaps0<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  sumThreeTaps<T>(0, k, a, ct, tall, sums);
}
function threeTaps1<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  sumThreeTaps<T>(1, k, a, ct, tall, sums);
}
function threeTaps2<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  sumThreeTaps<T>(2, k, a, ct, tall, sums);
}
function threeTaps3<T>(k: DepthwiseFilterGradient, a: usize, ct: usize, tall: i32, sums: usize): void {
  sumThreeTaps<T>(3, k, a, ct, tall, sums);
}

/** Adds up the pieces, and writes the filter. */
export function addDepthwisePieces<T>(k: DepthwiseFilterGradient, pieces: i32): void {
  const taps = k.rows * k.cols;
  let out = k.out;
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < k.channels; c++) {
      let at = k.sums + <usize>((c / lanes<T>() * taps + tap) * lanes<T>() + c % lanes<T>()) * sizeof<T>();
      let sum = load<T>(at);
      for (let p = 1; p < pieces; p++) {
        at += k.pieceBytes;
        sum += load<T>(at);
      }
      store<T>(out, sum);
      out += sizeof<T>();
    }
  }
}

export function sumDepthwisePieces_f32(x: Planes, k: DepthwiseFilterGradient, from: i32, to: i32): void {
  sumDepthwisePieces<f32>(x, k, from, to);
}
export function sumDepthwisePieces_f64(x: Planes, k: DepthwiseFilterGradient, from: i32, to: i32): void {
  sumDepthwisePieces<f64>(x, k, from, to);
}
export function addDepthwisePieces_f32(k: DepthwiseFilterGradient, pieces: i32): void {
  addDepthwisePieces<f32>(k, pieces);
}
export function addDepthwisePieces_f64(k: DepthwiseFilterGradient, pieces: i32): void {
  addDepthwisePieces<f64>(k, pieces);
}
