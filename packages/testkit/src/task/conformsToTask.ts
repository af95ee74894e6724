import type { Law } from "../law.ts";
import { declareLaws, type LawTally, type Search } from "../property/search.ts";
import type { TestRunner } from "../runner.ts";
import { taskLaws } from "./taskLaws.ts";
import { type TaskSample, type TaskSource, taskCases } from "./taskSample.ts";

export interface TaskConformance extends Search {
  /** All of `taskLaws` unless named. */
  readonly laws?: readonly Law<TaskSample>[];
}

/**
 * Declares a test for each law on a task. Which options to try follows from its registration; a counterexample is shrunk, and printed with the seed
 * and path that replay it.
 */
export const conformsToTask = (runner: TestRunner, task: TaskSource, { laws = taskLaws, ...search }: TaskConformance = {}): LawTally =>
  declareLaws(runner, laws, taskCases(task), search);
