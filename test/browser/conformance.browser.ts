import { describe, it } from "vitest";
import { optim, preconditioner, testkit } from "./bundle.ts";

const { chainOperation, conformsToOptimizer, conformsToPreconditioner, conformsToPrimitive, lstmOperation, tensorOperations } = testkit;

describe("the reference backend", () => {
  for (const operation of [...tensorOperations, chainOperation, lstmOperation]) conformsToPrimitive({ describe, it }, operation);
  for (const architecture of preconditioner.architectures) conformsToPreconditioner({ describe, it }, architecture, { cases: 3 });
  for (const optimizer of optim.optimizers) conformsToOptimizer({ describe, it }, optimizer, { cases: 2 });
});
