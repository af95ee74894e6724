export { type AdamState, adam } from "./adam.ts";
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
export type { Problem, RegisteredOptimizer } from "./registry.ts";
export { type RmspropState, rmsprop } from "./rmsprop.ts";
export { deserialize, FormatError, serialize, type Tree } from "./serialize.ts";
export { sgd } from "./sgd.ts";
export type { Task } from "./task.ts";
export { type YogiState, yogi } from "./yogi.ts";
