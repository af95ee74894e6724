import { optimizers } from "@lodo/optim";
import { casesFactor, conformsToOptimizer, optimizerLaws, type Rate, suiteSeed } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const search = { cases: 8 * casesFactor(process.env), seed: suiteSeed(process.env) };

const rates: Readonly<Record<string, Rate>> = {
  // I − η H contracts by its largest eigenvalue.
  sgd: {
    values: { learningRate: 1.6 },
    factor: ({ least, greatest }) => Math.max(Math.abs(1 - 1.6 * least), Math.abs(1 - 1.6 * greatest)),
  },
  newton: { values: {}, factor: () => 0 },
  "damped-newton": { values: { learningRate: 0.75 }, factor: () => 0.25 },
  // λ/(λ + ν) in the norm of D = diag(H²), ν ≥ least²/greatest² an eigenvalue of D⁻¹H²; that norm is within greatest/least of the Euclidean one.
  "levenberg-marquardt": {
    values: { damping: 0.005 },
    factor: ({ least, greatest }) => (greatest / least) * (0.005 / (0.005 + (least / greatest) * (least / greatest))),
  },
};

const tallies = optimizers.map((optimizer) => conformsToOptimizer({ describe, it }, optimizer, { ...search, rate: rates[optimizer.id] }));

it("every law finds something to compare", ({ skip }) => {
  skip(
    tallies.some((tally) => tally.size < optimizerLaws.length),
    "some laws were filtered out",
  );
  expect(optimizerLaws.filter(({ name }) => tallies.every((tally) => !tally.get(name)))).toEqual([]);
});
