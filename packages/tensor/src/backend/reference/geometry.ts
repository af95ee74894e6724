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

/** Extents along rows and columns. */
type Plane = readonly [tall: number, wide: number];

/**
 * Calls `visit` for every window over an image and each of its taps that lies on it, in row-major order: with the numbers of the window, of the pixel and
 * of the tap, each counted row by row.
 */
export function forEachTap(
  { windows: [oh, ow], filter: [kh, kw], image: [h, w] }: { readonly windows: Plane; readonly filter: Plane; readonly image: Plane },
  { stride: [sy, sx], padding: [top, , left] }: Placement,
  visit: (window: number, pixel: number, tap: number) => void,
): void {
  for (let oy = 0; oy < oh; oy++) {
    const y = oy * sy - top;
    for (let ox = 0; ox < ow; ox++) {
      const x = ox * sx - left;
      for (let ky = Math.max(0, -y); ky < Math.min(kh, h - y); ky++) {
        for (let kx = Math.max(0, -x); kx < Math.min(kw, w - x); kx++) visit(oy * ow + ox, (y + ky) * w + x + kx, ky * kw + kx);
      }
    }
  }
}
