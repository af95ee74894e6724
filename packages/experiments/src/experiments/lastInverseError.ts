import { formatEstimate } from "../report/format.ts";
import type { Detail, Run } from "./experiment.ts";
import { type Row, summarize } from "./row.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** ‖I − G H‖_F / √n after the last step; null if the run diverged or did not record it. */
export const lastInverseError = ({ divergedAt, inverseError }: TrialResult): number | null =>
  divergedAt === null ? (inverseError?.at(-1)?.error ?? null) : null;

/** The same beside each row, with its deviation over seeds; empty where no run recorded it. */
export function lastInverseErrors(rows: readonly Row[], runs: readonly Run<Trial, TrialResult>[]): Detail {
  const cell = ({ name, column }: Row): string => {
    const own = runs.filter(({ job }) => job.name === name && job.column === column);
    const recorded = own.some(({ job }) => job.record.inverseError !== undefined);
    return recorded ? formatEstimate(summarize(own.flatMap(({ result }) => lastInverseError(result) ?? []))) : "";
  };
  return { title: "inverse-Hessian error", cells: rows.map(cell) };
}
