import { optimizers } from "@lodo/optim";
import { casesFactor, conformsToOptimizer, type Rate, suiteSeed } from "@lodo/testkit";
import { describe, it } from "vitest";

const search = { cases: 8 * casesFactor(process.env), seed: suiteSeed(process.env) };

const rates: Readonly<Record<string, Rate>> = {
  // I − η H contracts by its largest eigenvalue.
  sgd: {
    values: { learningRate: 1.6 },
    factor: ({ least, greatest }) => Math.max(Math.abs(1 - 1.6 * least), Math.abs(1 - 1.6 * greatest)),
  },
  newton: { values: {}, factor: () => 0 },
};

for (const optimizer of optimizers) conformsToOptimizer({ describe, it }, optimizer, { ...search, rate: rates[optimizer.id] });
