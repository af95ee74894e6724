// What the module exports: each generic kernel at both types, named with the type at its end.
export { multiply_f32, multiply_f64, pack_f32, pack_f64 } from "./matmul";
export { packVector_f32, packVector_f64, vectorTimesMatrix_f32, vectorTimesMatrix_f64 } from "./matvec";
export { adam_f32, adam_f64 } from "./adam";
export { mix_f32, mix_f64, outerBlocks_f32, outerBlocks_f64, outerSum_f32, outerSum_f64, unmix_f32, unmix_f64 } from "./chain";
export {
  residualClimbGradient_f32, residualClimbGradient_f64, residualClimb_f32, residualClimb_f64,
  residualDescendGradient_f32, residualDescendGradient_f64, residualDescend_f32, residualDescend_f64,
} from "./residualChain";
export { gather_f32, gather_f64, scatterAdd_f32, scatterAdd_f64 } from "./permute";
export { convolve_f32, convolve_f64, packFilter_f32, packFilter_f64 } from "./convolution";
export { addPieces_f32, addPieces_f64, sumPieces_f32, sumPieces_f64 } from "./filterGradient";
export { depthwise_f32, depthwise_f64, packDepthwise_f32, packDepthwise_f64 } from "./depthwise";
export { addDepthwisePieces_f32, addDepthwisePieces_f64, sumDepthwisePieces_f32, sumDepthwisePieces_f64 } from "./depthwiseFilterGradient";
export * from "./elementwise";
export * from "./reduce";
export * from "./copy";
export {
  averagePoolGradient_f32, averagePoolGradient_f64, averagePool_f32, averagePool_f64, maximumPool_f32, maximumPool_f64,
} from "./pooling";
export { crossEntropyGradient_f32, crossEntropyGradient_f64, softmaxRows_f32 } from "./crossEntropy";
export { setShift } from "./own";
