import * as tf from "@tensorflow/tfjs-core";

/*
 * Gradients that TensorFlow.js has kernels for on its plain backend and not in WebAssembly, called by name: through its autodiff the forward convolution
 * would be computed as well. That of a convolution by its filter is left out: it takes 25 s a call.
 */

type Extents4 = readonly [number, number, number, number];

const same = { strides: [1, 1], dilations: [1, 1], pad: "same" } as const;

const kernel = (name: string, inputs: Readonly<Record<string, tf.Tensor>>, attributes: Readonly<Record<string, unknown>>): tf.Tensor =>
  tf.engine().runKernel(name, { ...inputs }, { ...attributes } as never);

export const depthwiseInputGradient = (ct: tf.Tensor4D, filter: tf.Tensor4D, shape: Extents4): tf.Tensor =>
  kernel("DepthwiseConv2dNativeBackpropInput", { dy: ct, filter }, { ...same, inputShape: [...shape] });

export const depthwiseFilterGradient = (x: tf.Tensor4D, ct: tf.Tensor4D, shape: Extents4): tf.Tensor =>
  kernel("DepthwiseConv2dNativeBackpropFilter", { x, dy: ct }, { ...same, filterShape: [...shape] });
