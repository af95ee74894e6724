import type { PresetName } from "../experiments/experiment.ts";

/** What a report is of. */
export interface Subject {
  readonly ids: readonly string[];
  readonly preset: PresetName;
  /** Instead of the preset's, or null. */
  readonly seeds: number | null;
}

/** All of it in words: two that read the same have the same jobs. */
export const describeSubject = ({ ids, preset, seeds }: Subject): string =>
  `${ids.join(", ")} (${[preset, ...(seeds === null ? [] : [seeds === 1 ? "1 seed" : `${seeds} seeds`])].join(", ")})`;

/** What a folder is known for: a report with other seeds may take the place of an earlier one. */
export const describeReport = (subject: Subject): string => describeSubject({ ...subject, seeds: null });
