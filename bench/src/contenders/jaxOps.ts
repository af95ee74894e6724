import { lax, numpy as np, vjp } from "@jax-js/jax";
import type { JaxArray } from "./jax.ts";

/** A 3×3 convolution with zeros around: [n, h, w, c] there and back again from the [n, c, h, w] that jax-js convolves. */
export const convolution = (x: JaxArray, filter: JaxArray): JaxArray =>
  np.transpose(lax.conv(np.transpose(x, [0, 3, 1, 2]), np.transpose(filter, [3, 2, 0, 1]), [1, 1], "SAME"), [0, 2, 3, 1]);

/** A 3×3 depthwise convolution as nine shifted products: its grouped convolution is slower. */
export function depthwise(x: JaxArray, filter: JaxArray): JaxArray {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const m = filter.shape[3] as number;
  const padded = np.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const products = Array.from({ length: 9 }, (_, tap) => {
    const [dy, dx] = [Math.floor(tap / 3), tap % 3];
    const [image, weights] = tap === 8 ? [padded, filter] : [padded.ref, filter.ref];
    const shifted = image.slice([], [dy, dy + h], [dx, dx + w], []).reshape([n, h, w, c, 1]);
    return shifted.mul(weights.slice(dy, dx).reshape([1, 1, 1, c, m]));
  });
  return products.reduce((sum, product) => sum.add(product)).reshape([n, h, w, c * m]);
}

/** The transpose of a linear f, at a cotangent. */
export function transposeOf(f: (x: JaxArray) => JaxArray, shape: readonly number[], ct: JaxArray): JaxArray {
  const [y, pullback] = vjp(f, [np.zeros([...shape])]) as unknown as [JaxArray, (ct: JaxArray) => [JaxArray]];
  y.dispose();
  return pullback(ct)[0];
}
