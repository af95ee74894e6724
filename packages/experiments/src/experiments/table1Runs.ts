import { sourcedValues, tunedValues, type Values, type ValuesSource } from "../tunedValues.ts";
import { table1Methods } from "./table1Methods.ts";
import type { Trial } from "./trial.ts";

const task = "noisy-quadratic-bowl";

/** Tuned values; a corrected method without any has those of the method that it corrects. */
function valuesOf(name: string, wanted?: ValuesSource): Values {
  const { values, source } = sourcedValues(task, name, wanted);
  return source === "defaults" ? tunedValues(task, name.replace(/-corrected$/, ""), wanted) : values;
}

/**
 * Every optimizer of Table 1 from every seed, at its tuned values. Of each seed those
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
      values: valuesOf(name, hyperparameters),
    })),
  );
