import type { Padding } from "@lodo/tensor";
import { largest, type Reference, total } from "./operations.ts";
import { at, build, indices, type Plain } from "./plain.ts";

/** Pixels before and after an axis of n, and how many windows of k with a stride of s it then has. */
interface Axis {
  readonly before: number;
  readonly places: number;
  readonly stride: number;
}

/** "same" as TensorFlow's documentation puts it: by whether the stride divides the extent. */
function axis(n: number, k: number, stride: number, padding: Padding, d: 0 | 1): Axis {
  const surplus = Math.max(0, n % stride === 0 ? k - stride : k - (n % stride));
  const [before, after] =
    padding === "valid" ? [0, 0] : padding === "same" ? [Math.floor(surplus / 2), surplus - Math.floor(surplus / 2)] : padding[d];
  const places = Array.from({ length: before + n + after }, (_, i) => i).filter((i) => i % stride === 0 && i + k <= before + n + after);
  return { before, places: places.length, stride };
}

/** How a window moves over images, for the references. */
export interface Moves {
  readonly stride?: readonly [number, number];
  readonly padding?: Padding;
  readonly groups?: number;
}

const axes = (
  input: readonly number[],
  window: readonly number[],
  { stride = [1, 1], padding = "valid" }: Moves,
): readonly [Axis, Axis] => [
  axis(input[1] ?? 0, window[0] ?? 0, stride[0], padding, 0),
  axis(input[2] ?? 0, window[1] ?? 0, stride[1], padding, 1),
];

/** The element at an index, 0 outside. */
const orZero = (x: Plain, index: readonly number[]): number => (index.every((i, d) => i >= 0 && i < (x.shape[d] ?? 0)) ? at(x, index) : 0);

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const pairs = (m: number, n: number): readonly (readonly number[])[] => indices([m, n]);

/** Which channel of x a filter's third and fourth index mean, given the channels of x and the filter's shape. */
type Channel = (c: number, o: number, filter: readonly number[]) => number;

/** o lies in group o / (co / groups), and c counts within that group. */
const grouped =
  (groups: number): Channel =>
  (c, o, [, , cig = 1, co = 1]) =>
    Math.floor(o / (co / groups)) * cig + c;

/** Σ over the filter, output by output. */
export const convolved =
  (moves: Moves): Reference =>
  (x, f) => {
    const [X, F] = [x as Plain, f as Plain];
    const [rows, columns] = axes(X.shape, F.shape, moves);
    const channel = grouped(moves.groups ?? 1);
    const [kh = 0, kw = 0, cig = 0, co = 0] = F.shape;
    return build([X.shape[0] ?? 0, rows.places, columns.places, co], ([b = 0, i = 0, j = 0, o = 0]) =>
      total(
        indices([kh, kw, cig]).map(([u = 0, v = 0, c = 0]) => {
          const pixel = [b, i * rows.stride + u - rows.before, j * columns.stride + v - columns.before, channel(c, o, F.shape)];
          return orZero(X, pixel) * at(F, [u, v, c, o]);
        }),
      ),
    );
  };

/** Σ over the outputs, pixel by pixel: each meets the pixel at the one tap that lies between them, if there is one. */
export const convolvedBack =
  (inputShape: readonly number[], moves: Moves): Reference =>
  (ct, f) => {
    const [Y, F] = [ct as Plain, f as Plain];
    const [rows, columns] = axes(inputShape, F.shape, moves);
    const channel = grouped(moves.groups ?? 1);
    const [cig, co] = [F.shape[2] ?? 0, F.shape[3] ?? 0];
    return build(inputShape, ([b = 0, y = 0, x = 0, pixelChannel = 0]) =>
      total(
        pairs(rows.places, columns.places).flatMap(([i = 0, j = 0]) =>
          pairs(cig, co).map(([c = 0, o = 0]) => {
            const tap = [y + rows.before - i * rows.stride, x + columns.before - j * columns.stride, c, o];
            return channel(c, o, F.shape) === pixelChannel ? at(Y, [b, i, j, o]) * orZero(F, tap) : 0;
          }),
        ),
      ),
    );
  };

/** Σ over images and outputs, tap by tap. */
export const correlated =
  (filterShape: readonly number[], moves: Moves): Reference =>
  (x, ct) => {
    const [X, Y] = [x as Plain, ct as Plain];
    const [rows, columns] = axes(X.shape, filterShape, moves);
    const channel = grouped(moves.groups ?? 1);
    return build(filterShape, ([u = 0, v = 0, c = 0, o = 0]) =>
      total(
        indices([X.shape[0] ?? 0, rows.places, columns.places]).map(([b = 0, i = 0, j = 0]) => {
          const pixel = [b, i * rows.stride + u - rows.before, j * columns.stride + v - columns.before, channel(c, o, filterShape)];
          return orZero(X, pixel) * at(Y, [b, i, j, o]);
        }),
      ),
    );
  };

/** A depthwise filter [kh, kw, c, m] among those of a full convolution, [kh, kw, c, c m]: 0 where channels differ. */
export const spread: Reference = (f) => {
  const F = f as Plain;
  const [kh = 0, kw = 0, channels = 0, m = 0] = F.shape;
  return build([kh, kw, channels, channels * m], ([u = 0, v = 0, c = 0, o = 0]) => (Math.floor(o / m) === c ? at(F, [u, v, c, o % m]) : 0));
};

/** What `spread` put in its place. */
export const gathered =
  (filterShape: readonly number[]): Reference =>
  (full) =>
    build(filterShape, ([u = 0, v = 0, c = 0, q = 0]) => at(full as Plain, [u, v, c, c * (filterShape[3] ?? 0) + q]));

/** The pixels of x, [y, x], under window (i, j). */
function under(
  [rows, columns]: readonly [Axis, Axis],
  input: readonly number[],
  window: readonly number[],
  i: number,
  j: number,
): readonly (readonly number[])[] {
  const pixels = pairs(window[0] ?? 0, window[1] ?? 0).map(([u = 0, v = 0]) => [
    i * rows.stride + u - rows.before,
    j * columns.stride + v - columns.before,
  ]);
  return pixels.filter(([y = 0, x = 0]) => y >= 0 && y < (input[1] ?? 0) && x >= 0 && x < (input[2] ?? 0));
}

/** f of the numbers under each window, channel by channel. */
const pooled =
  (f: (xs: readonly number[]) => number) =>
  (window: readonly number[], moves: Moves): Reference =>
  (x) => {
    const X = x as Plain;
    const [n = 0, , , channels = 0] = X.shape;
    const places = axes(X.shape, window, moves);
    return build([n, places[0].places, places[1].places, channels], ([b = 0, i = 0, j = 0, c = 0]) =>
      f(under(places, X.shape, window, i, j).map(([y = 0, column = 0]) => at(X, [b, y, column, c]))),
    );
  };

export const averaged: (window: readonly number[], moves: Moves) => Reference = pooled((xs) => total(xs) / xs.length);
export const maximal: (window: readonly number[], moves: Moves) => Reference = pooled(largest);

/** Σ of the shares that a pixel has in the windows over it. */
export const shared =
  (inputShape: readonly number[], window: readonly number[], moves: Moves): Reference =>
  (ct) => {
    const Y = ct as Plain;
    const places = axes(inputShape, window, moves);
    return build(inputShape, ([b = 0, y = 0, x = 0, c = 0]) =>
      total(
        range(places[0].places).flatMap((i) =>
          range(places[1].places).map((j) => {
            const pixels = under(places, inputShape, window, i, j);
            return pixels.some(([p, q]) => p === y && q === x) ? at(Y, [b, i, j, c]) / pixels.length : 0;
          }),
        ),
      ),
    );
  };
