export { blocks, compose, congruence, gram, scale as scaleOperator, sum as sumOperator } from "./algebra.ts";
export { blockPermutation, hiddenWidth } from "./architectures/blockPermutation.ts";
export { butterfly } from "./architectures/butterfly.ts";
export { dense as densePreconditioner } from "./architectures/dense.ts";
export { diagonal } from "./architectures/diagonal.ts";
export { diagonalPlusLowRank } from "./architectures/diagonalPlusLowRank.ts";
export { architectures } from "./architectures/index.ts";
export { kronecker } from "./architectures/kronecker.ts";
export { monarch } from "./architectures/monarch.ts";
export { residuals } from "./architectures/residuals.ts";
export { scalar as scalarPreconditioner } from "./architectures/scalar.ts";
export {
  blockDiagonal,
  checkPermutation,
  diagonalOperator,
  embed,
  kronecker as kroneckerOperator,
  matrixOperator,
  permutation as permutationOperator,
} from "./atoms.ts";
export { chain, type Layers } from "./chain.ts";
export { chainBackwardKernel, chainForwardKernel, chainGramBackwardKernel, chainGramForwardKernel } from "./chainKernel.ts";
export {
  type Layer,
  layerwisePreconditioner,
  restrictedPreconditioner,
  scaledPreconditioner,
  sumPreconditioner,
} from "./combinators.ts";
export { type CompiledNetwork, type CompileOptions, compileNetwork } from "./compile/compileNetwork.ts";
export { exactRouter } from "./compile/exactRouter.ts";
export type { Router, Swaps } from "./compile/router.ts";
export type { Connection, SparseMatrix } from "./compile/sparseMatrix.ts";
export { layersEnough, splittingRouter } from "./compile/splittingRouter.ts";
export { type SymmetricGroup, symmetricGroup } from "./compile/symmetricGroup.ts";
export {
  admits,
  choice,
  complete,
  count,
  type Domain,
  decay,
  describeDomain,
  type Hyperparameter,
  type Hyperparameters,
  rate,
  type ValuesOf,
} from "./hyperparameter.ts";
export { layersToMix, type MixingOptions } from "./layersToMix.ts";
export {
  dense,
  describe,
  type LinearOperator,
  linearOperator,
  type OperatorParts,
  type Structure,
  type Tag,
} from "./operator.ts";
export {
  type Architecture,
  type ArchitectureDefinition,
  type Cost,
  type Dimensions,
  defineArchitecture,
  type Preconditioner,
  type RegisteredArchitecture,
} from "./preconditioner.ts";
export { residualChain } from "./residualChain.ts";
export { residualChainBackwardKernel, residualChainForwardKernel } from "./residualChainKernel.ts";
