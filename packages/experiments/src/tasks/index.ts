import { imageClassificationTask } from "./imageClassification/registration.ts";
import { imageGenerationTask } from "./imageGeneration/registration.ts";
import { moreGarbowHillstrom } from "./moreGarbowHillstrom/index.ts";
import { noisyQuadraticBowlTask } from "./noisyQuadraticBowl.ts";
import { rosenbrockTask } from "./rosenbrock.ts";
import type { RegisteredTask } from "./task.ts";

/** Every task. A line here gives it the conformance suite and a place on the command line. */
export const tasks: readonly RegisteredTask[] = [
  noisyQuadraticBowlTask,
  rosenbrockTask,
  imageGenerationTask,
  imageClassificationTask,
  ...moreGarbowHillstrom,
];
