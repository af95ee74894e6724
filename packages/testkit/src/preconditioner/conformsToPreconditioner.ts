import type { RegisteredArchitecture } from "@lodo/preconditioner";
import type { Law } from "../law.ts";
import { declareLaws, type LawTally, type Search } from "../property/search.ts";
import type { TestRunner } from "../runner.ts";
import { preconditionerLaws } from "./preconditionerLaws.ts";
import { type PreconditionerSample, preconditionerCases } from "./preconditionerSample.ts";

export interface PreconditionerConformance extends Search {
  /** All of `preconditionerLaws` unless named. */
  readonly laws?: readonly Law<PreconditionerSample>[];
}

/**
 * Declares a test for each law on an architecture. Which sizes and hyperparameters to try follows from its registration; a counterexample is
 * shrunk, and printed with the seed and path that replay it.
 */
export const conformsToPreconditioner = (
  runner: TestRunner,
  architecture: RegisteredArchitecture,
  { laws = preconditionerLaws, ...search }: PreconditionerConformance = {},
): LawTally => declareLaws(runner, laws, preconditionerCases(architecture), search);
