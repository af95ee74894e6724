import { type BackendChoice, choiceOf, describeChoice, onReference } from "../backends/choice.ts";
import type { PresetName } from "../experiments/experiment.ts";
import type { DataIdentity } from "../tasks/task.ts";
import type { ValuesSource } from "../tunedValues.ts";

/** What a report is of. Without a backend it is the reference's. */
export interface Subject extends Partial<BackendChoice> {
  readonly ids: readonly string[];
  readonly preset: PresetName;
  /** Instead of the preset's, or null. */
  readonly seeds: number | null;
  /** How long every run lasts, or null where it has a number of steps. */
  readonly seconds: number | null;
  /** Whose tuned hyperparameters. */
  readonly hyperparameters: ValuesSource;
  /** What was measured on, where data are needed. */
  readonly data?: readonly DataIdentity[];
}

/** All of it in words: two that read the same have the same jobs. */
export const describeSubject = ({ ids, preset, seeds, seconds, hyperparameters, data = [], ...computed }: Subject): string => {
  const choice = choiceOf(computed);
  const more = [
    seconds === null ? [] : `${seconds} s a run`,
    seeds === null ? [] : seeds === 1 ? "1 seed" : `${seeds} seeds`,
    hyperparameters === "ours" ? "our own hyperparameters" : [],
    data.map(({ name, digest }) => `on ${name} of digest ${digest.slice(0, 12)}`),
    choice.backend === onReference.backend ? [] : `by ${describeChoice(choice)}`,
  ];
  return `${ids.join(", ")} (${[preset, ...more.flat()].join(", ")})`;
};

/** What a folder is known for: a report with other seeds, or by another backend, may take the place of an earlier one. */
export const describeReport = (subject: Subject): string => describeSubject({ ...subject, ...onReference, seeds: null });
