import type { PresetName } from "../experiments/experiment.ts";

/** What a report is of. */
export interface Subject {
  readonly ids: readonly string[];
  readonly preset: PresetName;
  /** Instead of the preset's, or null. */
  readonly seeds: number | null;
  /** How long every run lasts, or null where it has a number of steps. */
  readonly seconds: number | null;
}

/** All of it in words: two that read the same have the same jobs. */
export const describeSubject = ({ ids, preset, seeds, seconds }: Subject): string => {
  const more = [seconds === null ? [] : `${seconds} s a run`, seeds === null ? [] : seeds === 1 ? "1 seed" : `${seeds} seeds`];
  return `${ids.join(", ")} (${[preset, ...more.flat()].join(", ")})`;
};

/** What a folder is known for: a report with other seeds may take the place of an earlier one. */
export const describeReport = (subject: Subject): string => describeSubject({ ...subject, seeds: null });
