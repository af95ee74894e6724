import { tunedValues, type ValuesSource } from "../tunedValues.ts";
import { table1Methods } from "./table1Methods.ts";
import type { Trial } from "./trial.ts";

const task = "noisy-quadratic-bowl";

/**
 * Every optimizer of Table 1 from every seed, at its tuned values; a corrected one at those of the method that it corrects. Of each seed those
 * with the longest steps come first.
 */
export const table1Runs = (
  { seeds, hyperparameters }: { readonly seeds: number; readonly hyperparameters?: ValuesSource },
  column: string,
): readonly Omit<Trial, "evaluations" | "record">[] =>
  Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    table1Methods.map(({ name }) => ({
      name,
      column,
      seed,
      task,
      taskValues: {},
      values: tunedValues(task, name.replace(/-corrected$/, ""), hyperparameters),
    })),
  );
