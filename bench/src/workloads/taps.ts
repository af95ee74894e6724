import * as tf from "@tensorflow/tfjs-core";

/** The nine shifts of images under a 3×3 filter with zeros around them, each [n, h, w, c], row by row. */
export function tapsByOps(x: tf.Tensor4D): tf.Tensor4D[] {
  const [n, h, w, c] = x.shape;
  const padded = tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  return Array.from({ length: 9 }, (_, tap) => tf.slice(padded, [0, Math.floor(tap / 3), tap % 3, 0], [n, h, w, c]));
}
