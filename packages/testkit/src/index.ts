export { type BackendConformance, conformsToBackend } from "./backend/conformsToBackend.ts";
export { arraysIn, buildCall, inFloat64, type KernelCases, numbersIn, reference as referenceKernel } from "./backend/kernelCases.ts";
export { expectKernel } from "./backend/kernelLaw.ts";
export { kernelCases } from "./backend/kernels/index.ts";
export { ordinaryMemory, type ViewData, viewOf } from "./backend/views.ts";
export { type ConformanceOptions, checkLaw, conformsToPrimitive, type Tally } from "./conformsToPrimitive.ts";
export { Counterexample, expectClose, expectSameBits, expectShape } from "./counterexample.ts";
export { type Expression, expressions } from "./graphs/expression.ts";
export { graphLaw } from "./graphs/graphLaw.ts";
export type { Law } from "./law.ts";
export { primitiveLaws } from "./laws/primitiveLaws.ts";
export { type Mutant, mutantsOf, noticedBy, samplesUsing, thunksOf } from "./mutants.ts";
export { conformsToOptimizer, type OptimizerConformance } from "./optimizer/conformsToOptimizer.ts";
export { optimizerLaws } from "./optimizer/optimizerLaws.ts";
export {
  type AnyOptimizer,
  type FullObjective,
  type OptimizerData,
  type OptimizerSample,
  optimizerCases,
  type Quadratic,
  quadratic,
} from "./optimizer/optimizerSample.ts";
export { type Rate, rateLaw } from "./optimizer/stepLaws.ts";
export { conformsToPreconditioner, type PreconditionerConformance } from "./preconditioner/conformsToPreconditioner.ts";
export { type OperatorSample, operatorLaws, operatorTolerance } from "./preconditioner/operatorLaws.ts";
export { preconditionerLaws } from "./preconditioner/preconditionerLaws.ts";
export { type PreconditionerData, type PreconditionerSample, preconditionerCases } from "./preconditioner/preconditionerSample.ts";
export type { Values } from "./property/hyperparameterValues.ts";
export { eigenvalues, expectNear, norm2, rowsOf } from "./property/linearAlgebra.ts";
export {
  type CaseData,
  type CaseSource,
  expectLaw,
  type Findings,
  findCounterexample,
  type LawTally,
  type Search,
} from "./property/search.ts";
export { direction, expectSlope, relativeDirection } from "./property/slope.ts";
export { type Call, callsDuring, withPrimitive } from "./recording.ts";
export * from "./reference/operations.ts";
export { build, type Plain, toPlain } from "./reference/plain.ts";
export { casesFactor, suiteSeed, type TestRunner } from "./runner.ts";
export type { Differentiable, Operation, Sample } from "./sample.ts";
export { operations } from "./samples/operations.ts";
export { conformsToTask, type TaskConformance } from "./task/conformsToTask.ts";
export { taskLaws } from "./task/taskLaws.ts";
export { type TaskData, type TaskSample, type TaskSource, taskCases } from "./task/taskSample.ts";
