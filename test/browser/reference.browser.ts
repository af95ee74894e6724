import { optimizers } from "@lodo/optim";
import { architectures } from "@lodo/preconditioner";
import { conformsToOptimizer, conformsToPreconditioner, conformsToPrimitive, operations } from "@lodo/testkit";
import { describe, it } from "vitest";

describe("on the reference", () => {
  for (const operation of operations) conformsToPrimitive({ describe, it }, operation);
  for (const architecture of architectures) conformsToPreconditioner({ describe, it }, architecture, { cases: 2 });
  for (const optimizer of optimizers) conformsToOptimizer({ describe, it }, optimizer, { cases: 1 });
});
