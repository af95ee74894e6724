/** How a window moves over an image, in pixels along its rows and its columns. */
export interface Placement {
  /** From one window to the next. */
  readonly stride: readonly [number, number];
  /** Zeros (for a pool: nothing) around the image. */
  readonly padding: readonly [top: number, bottom: number, left: number, right: number];
}

/** How a filter moves over an image, everything resolved to numbers. */
export interface Conv2dGeometry extends Placement {
  /** Input and output channels fall into as many groups, and only those of one group meet; for a depthwise convolution, the input's channels. */
  readonly groups: number;
}

/** How a pooling window moves over an image. */
export interface PoolGeometry extends Placement {
  readonly window: readonly [number, number];
}

/** Extents of an array of rank 4: [n, h, w, c] of images, [kh, kw, ci, co] of filters. */
export type Extents4 = readonly [number, number, number, number];

/** How many windows fit along each axis. */
export const windowsAlong = (
  [, h, w]: readonly number[],
  [kh, kw]: readonly number[],
  { stride: [sy, sx], padding: [top, bottom, left, right] }: Placement,
): readonly [number, number] => [
  Math.floor(((h as number) + top + bottom - (kh as number)) / sy) + 1,
  Math.floor(((w as number) + left + right - (kw as number)) / sx) + 1,
];
