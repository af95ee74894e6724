export { type Arena, adopt, createArena } from "./arena.ts";
export { checkpoint, grad, hessian, hvp, jacobian, jvp, valueAndGrad, vjp } from "./autodiff.ts";
export { type Conv2dGeometry, type Extents4, type PoolGeometry, windowsAlong } from "./backend/reference/geometry.ts";
export { contiguousKernel, view } from "./backend/reference/layout.ts";
export { portable } from "./backend/reference/portable.ts";
export { basis, eye, full, matrix, ones, onesLike, scalar, type TensorOptions, tensor, vector, zeros, zerosLike } from "./constructors.ts";
export { type DeviceMemory, type DeviceStorage, deviceOf, deviceStorage } from "./device.ts";
export { type Data, type DType, epsilon, type Strided } from "./dtype.ts";
export { ArgumentError, BackendError, DTypeError, NaNError, ScopeError, ShapeError, TensorError } from "./errors.ts";
export { type Fused, type FusedValues, fused, fusedDefinitions, fusedValues } from "./fused.ts";
export { activeBackend, type Backend, defineKernel, type Heap, type Kernel, kernels, useBackend, withBackend } from "./kernel.ts";
export { leaseOf } from "./lease.ts";
export { inMicroBatches, type MicroBatches } from "./microBatches.ts";
export { ofVector } from "./ofVector.ts";
export { abs, add, type BinaryOp, div, maximum, minimum, mul, neg, scale, sign, sub, type UnaryOp } from "./ops/arithmetic.ts";
export { type BatchNormOptions, type BatchStatistics, batchNorm, batchStatistics } from "./ops/batchNorm.ts";
export { broadcastTo, type Operand } from "./ops/broadcast.ts";
export { clip } from "./ops/clip.ts";
export { equal, greater, greaterEqual, less, lessEqual, type Relation } from "./ops/compare.ts";
export { type Conv2dOptions, conv2d, conv2dFilterGradient, conv2dInputGradient } from "./ops/conv2d.ts";
export type { Filter } from "./ops/convolution.ts";
export { softmaxCrossEntropy } from "./ops/crossEntropy.ts";
export {
  type DepthwiseConv2dOptions,
  depthwiseConv2d,
  depthwiseConv2dFilterGradient,
  depthwiseConv2dInputGradient,
} from "./ops/depthwiseConv2d.ts";
export { einsum } from "./ops/einsum.ts";
export { gather, scatterAdd } from "./ops/gather.ts";
export { concat, stack } from "./ops/join.ts";
export { dot, type Matmul, matmul, outer, solve } from "./ops/linalg.ts";
export { avgPool2d, avgPool2dGradient, maxPool2d, type PoolOptions } from "./ops/pooling.ts";
export {
  logSoftmax,
  logsumexp,
  max,
  mean,
  min,
  norm,
  type Reduce,
  type ReduceOptions,
  type SoftmaxOptions,
  softmax,
  sum,
} from "./ops/reduce.ts";
export { reshape } from "./ops/reshape.ts";
export { cast, stopGradient, where } from "./ops/select.ts";
export { flip, type PadOptions, pad, type SliceOptions, slice } from "./ops/slice.ts";
export { atan, cos, exp, log, pow, sigmoid, sin, sqrt, tanh } from "./ops/transcendental.ts";
export { transpose } from "./ops/transpose.ts";
export type { Padding, Pair } from "./ops/window.ts";
export { debugNaNs, definePrimitive, type Forward, type Op, type Primitive, primitives, type VjpContext } from "./primitive.ts";
export { createRng, haarOrthogonal, normal, permutation, type Rng, type RngState, restoreRng, uniform } from "./random.ts";
export { array, item, read } from "./read.ts";
export type { Extents, Shape } from "./shape.ts";
export { emptyStorage, filledStorage, forEachIndex, isContiguous } from "./storage.ts";
export { type Blocks, type Images, type Matrix, type Scalar, Tensor, type Vector } from "./tensor.ts";
export { checkLayout, type Layout, layoutOf, leaves, map, mapTo, type Params, ravel, tensorsIn } from "./tree.ts";
