import { adamOptimizer } from "./adam.ts";
import { dampedNewtonOptimizer } from "./dampedNewton.ts";
import { larsOptimizer } from "./lars.ts";
import { l2lbgdbgdOptimizer } from "./learned/l2lbgdbgd.ts";
import { levenbergMarquardtOptimizer } from "./levenbergMarquardt.ts";
import { levenbergMarquardtResidualOptimizer } from "./levenbergMarquardtResidual.ts";
import { lodoOptimizer } from "./lodoRegistration.ts";
import { lodoVariants } from "./lodoVariants.ts";
import { momentumOptimizer } from "./momentum.ts";
import { newtonOptimizer } from "./newton.ts";
import { bfgsOptimizer } from "./quasiNewton/bfgs.ts";
import { bfgsCorrectedOptimizer } from "./quasiNewton/bfgsCorrected.ts";
import { bfgsLineSearchOptimizer, lbfgsLineSearchOptimizer } from "./quasiNewton/lineSearchMethods.ts";
import { lbfgsCorrectedOptimizer, lbfgsOptimizer, olbfgsCorrectedOptimizer, olbfgsOptimizer } from "./quasiNewton/onlineLbfgs.ts";
import type { RegisteredOptimizer } from "./registry.ts";
import { rmspropOptimizer } from "./rmsprop.ts";
import { sgdOptimizer } from "./sgd.ts";
import { yogiOptimizer } from "./yogi.ts";

/** Every optimizer. A line here gives it the conformance suite and a place on the command line. */
export const optimizers: readonly RegisteredOptimizer[] = [
  lodoOptimizer,
  ...lodoVariants,
  adamOptimizer,
  momentumOptimizer,
  rmspropOptimizer,
  yogiOptimizer,
  larsOptimizer,
  sgdOptimizer,
  newtonOptimizer,
  dampedNewtonOptimizer,
  levenbergMarquardtOptimizer,
  levenbergMarquardtResidualOptimizer,
  lbfgsOptimizer,
  lbfgsCorrectedOptimizer,
  olbfgsOptimizer,
  olbfgsCorrectedOptimizer,
  bfgsOptimizer,
  bfgsCorrectedOptimizer,
  lbfgsLineSearchOptimizer,
  bfgsLineSearchOptimizer,
  l2lbgdbgdOptimizer,
];
