import { describeAssignment } from "../pool/jobs.ts";
import type { Detail, Job, RegisteredExperiment, Run, Verdict } from "./experiment.ts";
import type { Row } from "./row.ts";
import {
  assignmentsOf,
  carryOut,
  type Ended,
  type Failure,
  failuresOf,
  type NamedPreset,
  presetOf,
  type ReproduceOptions,
} from "./work.ts";

/** An experiment with what came out of it. */
export interface Reproduction {
  readonly experiment: RegisteredExperiment;
  readonly preset: NamedPreset;
  /** In the order of the experiment's jobs. */
  readonly runs: readonly Run[];
  readonly rows: readonly Row[];
  readonly details: readonly Detail[];
  readonly verdict: Verdict;
  readonly notes: readonly string[];
  readonly failures: readonly Failure[];
  /** How long each job ran, without the evaluation of metrics: no result, and kept apart from results. */
  readonly timings: readonly { readonly job: string; readonly seconds: number }[];
}

/**
 * Runs the jobs of all experiments on one pool and says what they amount to. What comes out depends on the experiments, preset and seeds alone, and
 * not on what a journal had of it.
 */
export async function reproduce(experiments: readonly RegisteredExperiment[], options: ReproduceOptions): Promise<readonly Reproduction[]> {
  const ended = await carryOut(experiments, assignmentsOf(experiments, options), options);
  return experiments.map((experiment) =>
    conclude(
      experiment,
      presetOf(experiment, options),
      ended.filter(({ assignment }) => assignment.experiment === experiment.id),
    ),
  );
}

function conclude(experiment: RegisteredExperiment, preset: NamedPreset, ended: readonly Ended[]): Reproduction {
  const runs = ended.flatMap(({ assignment, outcome }): Run<Job>[] =>
    outcome.ok ? [{ job: assignment.job, result: asSaved(outcome.result) }] : [],
  );
  const rows = experiment.rows(runs);
  return {
    experiment,
    preset,
    runs,
    rows,
    details: experiment.details?.(rows, runs) ?? [],
    verdict: experiment.verdict(rows, runs),
    notes: experiment.notes(rows, runs),
    failures: failuresOf(ended),
    timings: ended.map(({ assignment, outcome }) => ({ job: describeAssignment(assignment), seconds: outcome.seconds })),
  };
}

/** As a journal gives it back: JSON has neither NaN nor −0. */
const asSaved = (result: unknown): unknown => JSON.parse(JSON.stringify(result));
