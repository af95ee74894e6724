import type { RegisteredOptimizer } from "@lodo/optim";
import type { Law } from "../law.ts";
import { declareLaws, type LawTally, type Search } from "../property/search.ts";
import type { TestRunner } from "../runner.ts";
import { optimizerLaws } from "./optimizerLaws.ts";
import { type OptimizerSample, optimizerCases } from "./optimizerSample.ts";
import { type Rate, rateLaw } from "./stepLaws.ts";

export interface OptimizerConformance extends Search {
  /** All of `optimizerLaws` unless named. */
  readonly laws?: readonly Law<OptimizerSample>[];
  /** How fast it says that it converges on quadratics; a law of its own where it does. */
  readonly rate?: Rate | undefined;
}

/**
 * Declares a test for each law on an optimizer. Which hyperparameters to try follows from its registration; a counterexample is shrunk, and
 * printed with the seed and path that replay it.
 */
export const conformsToOptimizer = (
  runner: TestRunner,
  optimizer: RegisteredOptimizer,
  { laws = optimizerLaws, rate, ...search }: OptimizerConformance = {},
): LawTally => declareLaws(runner, rate ? [...laws, rateLaw(rate)] : laws, optimizerCases(optimizer), search);
