import * as tf from "@tensorflow/tfjs-core";

/*
 * What TensorFlow.js has no kernel for on its WebAssembly backend, written with the kernels that it has.
 */

type Extents4 = readonly [number, number, number, number];

/** aᵀ b. Its products of transposed matrices are plain loops: transposing first is an order of magnitude quicker. */
export const transposedTimes = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => tf.matMul(tf.transpose(a), b);

const rowsOf = ([n, h, w]: readonly number[]): number => (n as number) * (h as number) * (w as number);

/** The nine shifts of images under a 3×3 filter with zeros around them, each [n·h·w, c], row by row. */
function taps(x: tf.Tensor4D): tf.Tensor2D[] {
  const [n, h, w, c] = x.shape;
  const padded = tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  // Pixels and channels of a row as one axis: slices of rank 3 are quicker.
  const flat = tf.reshape(padded, [n, h + 2, (w + 2) * c]) as tf.Tensor3D;
  return Array.from({ length: 9 }, (_, tap) =>
    tf.reshape(tf.slice(flat, [0, Math.floor(tap / 3), (tap % 3) * c], [n, h, w * c]), [rowsOf(x.shape), c]),
  );
}

/** ∂/∂filter of a 3×3 convolution: a product of matrices for each place in the filter. */
export function filterGradient(x: tf.Tensor4D, ct: tf.Tensor4D, shape: Extents4): tf.Tensor {
  const cotangents = tf.reshape(ct, [rowsOf(ct.shape), shape[3]]) as tf.Tensor2D;
  return tf.reshape(
    tf.concat(
      taps(x).map((tap) => transposedTimes(tap, cotangents)),
      0,
    ),
    [...shape],
  );
}

/** The m images that a depthwise cotangent [n, h, w, c·m] is made of, each [n·h·w, c]. */
function multiples(ct: tf.Tensor4D, [, , c, m]: Extents4): tf.Tensor2D[] {
  const rows = rowsOf(ct.shape);
  // Transposed first: slices along the last axis are an order of magnitude slower.
  const split = tf.transpose(tf.reshape(ct, [rows, c, m]), [2, 0, 1]);
  return Array.from({ length: m }, (_, q) => tf.reshape(tf.slice(split, [q, 0, 0], [1, rows, c]), [rows, c]));
}

/** ∂/∂x of a 3×3 depthwise convolution: depthwise convolutions with flipped filters, one for each multiple. */
export function depthwiseInputGradient(ct: tf.Tensor4D, filter: tf.Tensor4D, inputShape: Extents4): tf.Tensor {
  const [, , c, m] = filter.shape;
  const flipped = tf.reverse(filter, [0, 1]);
  return multiples(ct, [3, 3, c, m])
    .map((part, q) =>
      tf.depthwiseConv2d(tf.reshape(part, [...inputShape]) as tf.Tensor4D, tf.slice(flipped, [0, 0, 0, q], [3, 3, c, 1]), 1, "same"),
    )
    .reduce((sum, part) => tf.add(sum, part) as tf.Tensor4D);
}

/** The sum of the rows of a matrix, as a product with ones: quicker there than a sum. */
export const sumOfRows = (x: tf.Tensor2D): tf.Tensor1D => tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1]]);

/** ∂/∂filter of a 3×3 depthwise convolution. */
export function depthwiseFilterGradient(x: tf.Tensor4D, ct: tf.Tensor4D, shape: Extents4): tf.Tensor {
  const parts = multiples(ct, shape);
  const places = taps(x).map((tap) => {
    const sums = parts.map((part) => sumOfRows(tf.mul(tap, part)));
    return tf.stack(sums, 1);
  });
  return tf.reshape(tf.stack(places, 0), [...shape]);
}
