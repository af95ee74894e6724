export { type AdamState, adam } from "./adam.ts";
export { type AdamConstants, adamKernel } from "./adamKernel.ts";
export { dampedNewton } from "./dampedNewton.ts";
export { type LarsState, lars } from "./lars.ts";
export { type L2lbgdbgdOptions, type L2lbgdbgdState, l2lbgdbgd } from "./learned/l2lbgdbgd.ts";
export { type LstmState, type LstmWeights, lstmCell } from "./learned/lstm.ts";
export { type Episode, type MetaTraining, type MetaTrainingState, type MetaUpdate, metaTrain } from "./learned/metaTrain.ts";
export { type L2lbgdbgdWeights, l2lbgdbgdWeights } from "./learned/weights.ts";
export { levenbergMarquardt } from "./levenbergMarquardt.ts";
export { type LevenbergMarquardtState, levenbergMarquardtResidual } from "./levenbergMarquardtResidual.ts";
export {
  advanceSearch,
  beginSearch,
  type MoreThuenteOptions,
  type MoreThuenteSearch,
  type SearchEnd,
} from "./lineSearch/moreThuente.ts";
export { searchLine } from "./lineSearch/searchLine.ts";
export type { Sample } from "./lineSearch/trial.ts";
export { type LodoOptions, type LodoState, lodo } from "./lodo.ts";
export { type Minimized, type MinimizeOptions, minimize } from "./minimize.ts";
export { type MomentumState, momentum } from "./momentum.ts";
export { newton } from "./newton.ts";
export { type LeastSquares, type Objective, type Requirement, type TwiceDifferentiable, withHessian } from "./objective.ts";
export {
  applyDelta,
  checkRequirements,
  descend,
  type GradientTransform,
  type Optimizer,
  type StopReason,
  stopKinds,
  type Update,
} from "./optimizer.ts";
export { optimizers } from "./optimizers.ts";
export { type BfgsState, bfgs } from "./quasiNewton/bfgs.ts";
export { bfgsCorrected } from "./quasiNewton/bfgsCorrected.ts";
export { bfgsUpdate, type DenseMatrix, type DenseMatrixOptions, denseMatrix } from "./quasiNewton/denseMatrix.ts";
export type { InverseHessian } from "./quasiNewton/inverseHessian.ts";
export { type LimitedMemory, type LimitedMemoryOptions, limitedMemory } from "./quasiNewton/limitedMemory.ts";
export { bfgsLineSearch, lbfgsLineSearch } from "./quasiNewton/lineSearchMethods.ts";
export { lbfgs, lbfgsCorrected, olbfgs, olbfgsCorrected } from "./quasiNewton/onlineLbfgs.ts";
export { anyCurvature, type Guard, type Pair, pairOf, positiveCurvature } from "./quasiNewton/pair.ts";
export { type SameDrawState, sameDraw } from "./quasiNewton/sameDraw.ts";
export { meanOfPairs, newestPair, oldestStepNewestChange, type Scaling } from "./quasiNewton/scaling.ts";
export { type LineSearchState, withLineSearch } from "./quasiNewton/withLineSearch.ts";
export type { LodoParts, Problem, RegisteredOptimizer } from "./registry.ts";
export { type RmspropState, rmsprop } from "./rmsprop.ts";
export { deserialize, FormatError, serialize, type Tree } from "./serialize.ts";
export { sgd } from "./sgd.ts";
export type { Task } from "./task.ts";
export { clipByNorm } from "./transforms/clipByNorm.ts";
export { clipByValue } from "./transforms/clipByValue.ts";
export { decoupledWeightDecay } from "./transforms/decoupledWeightDecay.ts";
export { l2Penalty } from "./transforms/l2Penalty.ts";
export { type ScheduleState, scaleBySchedule } from "./transforms/scaleBySchedule.ts";
export { constant } from "./transforms/schedules/constant.ts";
export { cosine } from "./transforms/schedules/cosine.ts";
export { joinSchedules } from "./transforms/schedules/joinSchedules.ts";
export { polynomial } from "./transforms/schedules/polynomial.ts";
export type { Schedule } from "./transforms/schedules/schedule.ts";
export { stepDecay } from "./transforms/schedules/stepDecay.ts";
export { warmUp } from "./transforms/schedules/warmUp.ts";
export { sequence } from "./transforms/sequence.ts";
export { type YogiState, yogi } from "./yogi.ts";
