import { type Extents4, type Placement, windowsAlong } from "../backend/reference/geometry.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Shape } from "../shape.ts";

/** One number for both axes of an image, or one for its rows and one for its columns. */
export type Pair = number | readonly [number, number];

/**
 * Room around an image: none ("valid"); what gives ⌈extent / stride⌉ windows along each axis, an odd pixel going below and to the right
 * ("same", as in TensorFlow); or so many pixels.
 */
export type Padding = "same" | "valid" | readonly [readonly [top: number, bottom: number], readonly [left: number, right: number]];

/** Along rows, along columns. */
type Pixels = readonly [number, number];

/** Pixels are counted in 32 bits: windows and strides beyond would be others there. */
const MOST = 2 ** 31 - 1;

/** @throws ArgumentError unless it is a positive integer below 2³¹, or two. */
export function checkPair(op: string, name: string, given: Pair): Pixels {
  const pair = (typeof given === "number" ? [given, given] : given) as Pixels;
  const fits = Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= 1 && n <= MOST);
  if (!fits) {
    const got = Array.isArray(given) ? `[${given}]` : typeof given === "number" ? given : JSON.stringify(given);
    throw new ArgumentError(op, `${name} must be a positive integer below 2³¹ or two of them, got ${got}`);
  }
  return pair;
}

/** @throws ShapeError unless a shape is of rank 4 and only its first extent may be 0. */
export function checkImages(op: string, name: string, shape: Shape): Extents4 {
  if (shape.length !== 4 || shape.slice(1).some((n) => !(n >= 1))) {
    throw new ShapeError(op, `${name} must be images [n, h, w, c] of at least one pixel and channel, got [${shape}]`);
  }
  return shape as Extents4;
}

/** "same" along one axis: ⌈n / stride⌉ windows. */
function same(n: number, window: number, stride: number): Pixels {
  const total = Math.max(0, (Math.ceil(n / stride) - 1) * stride + window - n);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

function paddingOf(op: string, given: Padding, image: Pixels, window: Pixels, stride: Pixels): Placement["padding"] {
  if (given === "valid") return [0, 0, 0, 0];
  if (given === "same") return [...same(image[0], window[0], stride[0]), ...same(image[1], window[1], stride[1])];
  const sides = Array.isArray(given) && given.length === 2 && given.every((side) => Array.isArray(side) && side.length === 2);
  const pixels = sides ? (given as readonly (readonly number[])[]).flat() : [];
  if (!sides || pixels.some((n) => !Number.isSafeInteger(n) || n < 0)) {
    const allowed = '"same", "valid" or [[top, bottom], [left, right]] in non-negative integers';
    throw new ArgumentError(op, `padding must be ${allowed}, got ${JSON.stringify(given)}`);
  }
  return pixels as unknown as Placement["padding"];
}

/**
 * Where a window goes on images [n, h, w, c], and how many places it finds along each axis.
 * @throws ArgumentError for a stride or padding that is none, ShapeError if the window is larger than the padded image.
 */
export function placeWindow(
  op: string,
  shape: Extents4,
  window: Pixels,
  given: { readonly stride: Pair; readonly padding: Padding },
): Placement & { readonly places: Pixels } {
  const [, h, w] = shape;
  const stride = checkPair(op, "stride", given.stride);
  const padding = paddingOf(op, given.padding, [h, w], window, stride);
  const places = windowsAlong(shape, window, { stride, padding });
  if (places.some((n) => n < 1)) {
    const padded = [h + padding[0] + padding[1], w + padding[2] + padding[3]];
    throw new ShapeError(op, `a window of [${window}] is larger than the padded image of [${padded}], which is [${shape}] without padding`);
  }
  return { stride, padding, places };
}
