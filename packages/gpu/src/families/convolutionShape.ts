import { type Conv2dGeometry, windowsAlong } from "@lodo/tensor";
import type { Axis } from "../source/windows.ts";

/** Everything that decides the source of a convolution. */
export interface Convolution {
  readonly n: number;
  /** Channels of the image and of the result. */
  readonly ci: number;
  readonly co: number;
  readonly groups: number;
  readonly rows: Axis;
  readonly columns: Axis;
  /** Multiply-adds. */
  readonly work: number;
}

/** image: [n, h, w, ci]; window: [kh, kw]. */
export function convolutionOf(
  image: readonly number[],
  window: readonly number[],
  co: number,
  { stride, padding, groups }: Conv2dGeometry,
): Convolution {
  const [n, h, w, ci] = image as readonly [number, number, number, number];
  const [kh, kw] = window as readonly [number, number];
  const [oh, ow] = windowsAlong(image, window, { stride, padding });
  return {
    ...{ n, ci, co, groups },
    rows: { extent: h, window: kh, places: oh, stride: stride[0], before: padding[0] },
    columns: { extent: w, window: kw, places: ow, stride: stride[1], before: padding[2] },
    work: (n * oh * ow * kh * kw * ci * co) / groups,
  };
}
