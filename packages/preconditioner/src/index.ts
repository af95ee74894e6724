export { blockPermutation, hiddenWidth } from "./architectures/blockPermutation.ts";
export { dense as densePreconditioner } from "./architectures/dense.ts";
export { diagonal } from "./architectures/diagonal.ts";
export { architectures } from "./architectures/index.ts";
export { scalar as scalarPreconditioner } from "./architectures/scalar.ts";
export { chain, type Layers } from "./chain.ts";
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
export {
  blockDiagonal,
  checkPermutation,
  compose,
  dense,
  describe,
  diagonalOperator,
  embed,
  gram,
  type LinearOperator,
  linearOperator,
  matrixOperator,
  type OperatorParts,
  permutation as permutationOperator,
  type Structure,
  scale as scaleOperator,
  type Tag,
} from "./operator.ts";
export {
  type Architecture,
  type ArchitectureDefinition,
  type Dimensions,
  defineArchitecture,
  type Preconditioner,
  type RegisteredArchitecture,
} from "./preconditioner.ts";
