import { type Assignment, describeAssignment, type Outcome } from "../pool/jobs.ts";
import { type Journal, runJournaled } from "../pool/journal.ts";
import { type RunJobsOptions, runJobs } from "../pool/runJobs.ts";
import { checkRoom } from "../run/memory.ts";
import type { ValuesSource } from "../tunedValues.ts";
import {
  type Detail,
  type Job,
  type Preset,
  type PresetName,
  type RegisteredExperiment,
  type Run,
  type Verdict,
  workOf,
} from "./experiment.ts";
import type { Row } from "./row.ts";
import { inShare, type Share } from "./share.ts";

export interface ReproduceOptions extends Omit<RunJobsOptions, "onOutcome"> {
  readonly preset: PresetName;
  /** Instead of the preset's. */
  readonly seeds?: number;
  /** Whose tuned hyperparameters; the paper's unless told. */
  readonly hyperparameters?: ValuesSource;
  /** Has the jobs that need not be run again, and is told of those that end. */
  readonly journal?: Journal;
  /** Told of a job that threw. */
  readonly onFailure?: (failure: Failure) => void;
}

/** A job that threw. */
export interface Failure {
  readonly job: string;
  readonly error: string;
}

/** An experiment with what came out of it. */
export interface Reproduction {
  readonly experiment: RegisteredExperiment;
  readonly preset: Preset & { readonly name: PresetName };
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

/** The preset as asked for. */
export function presetOf(
  { presets }: RegisteredExperiment,
  { preset: name, seeds, hyperparameters }: ReproduceOptions,
): Reproduction["preset"] {
  return {
    name,
    ...presets[name],
    ...(seeds === undefined ? {} : { seeds }),
    ...(hyperparameters === undefined ? {} : { hyperparameters }),
  };
}

/** @throws MemoryError if a step of any job would take more memory than there is. */
export function checkPeaks(experiments: readonly RegisteredExperiment[], options: ReproduceOptions): void {
  for (const experiment of experiments) {
    const preset = presetOf(experiment, options);
    const remedy = preset.name === "quick" ? `${experiment.id} comes no smaller` : `${experiment.id} takes less with --preset quick`;
    checkRoom(experiment.peak?.(preset) ?? 0, remedy, experiment.memory);
  }
}

/** For progress: the work in all, or of a share, and that of jobs which a journal has. */
export function workload(
  experiments: readonly RegisteredExperiment[],
  options: ReproduceOptions,
  share?: Share,
): { readonly total: number; readonly done: number } {
  // Fractions of seconds add up to 4.199999999999999.
  const sum = (assignments: readonly Assignment[]): number =>
    Number(assignments.reduce((work, { job }) => work + workOf(job), 0).toPrecision(12));
  const assignments = assignmentsOf(experiments, options, share);
  return { total: sum(assignments), done: sum(assignments.filter((each) => options.journal?.outcomeOf(each) !== undefined)) };
}

function assignmentsOf(
  experiments: readonly RegisteredExperiment[],
  options: ReproduceOptions,
  share: Share = { part: 1, of: 1 },
): readonly Assignment[] {
  const all = experiments.flatMap((experiment) =>
    experiment.jobs(presetOf(experiment, options)).map((job): Assignment => ({ experiment: experiment.id, job })),
  );
  return inShare(all, share);
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

/** What became of a share of the jobs. */
export interface SharedWork {
  readonly share: Share;
  /** Jobs in all, and how many of them are the share's. */
  readonly jobs: number;
  readonly own: number;
  readonly failures: readonly Failure[];
}

/** Runs the jobs of a share alone. What comes out is in the journal, for whoever has the journals of all shares. */
export async function reproduceShare(
  experiments: readonly RegisteredExperiment[],
  share: Share,
  options: ReproduceOptions & { readonly journal: Journal },
): Promise<SharedWork> {
  const own = assignmentsOf(experiments, options, share);
  const ended = await carryOut(experiments, own, options);
  return { share, jobs: assignmentsOf(experiments, options).length, own: own.length, failures: failuresOf(ended) };
}

async function carryOut(
  experiments: readonly RegisteredExperiment[],
  assignments: readonly Assignment[],
  { journal, onFailure, ...options }: ReproduceOptions,
): Promise<readonly Ended[]> {
  const memory = experiments.reduce((most, { memory = 0 }) => Math.max(most, memory), 0);
  const pooled: RunJobsOptions = {
    ...options,
    ...(memory > 0 ? { memory } : {}),
    onOutcome: (assignment, outcome) => void (outcome.ok || onFailure?.({ job: describeAssignment(assignment), error: outcome.error })),
  };
  const outcomes = await (journal ? runJournaled(assignments, journal, pooled) : runJobs(assignments, pooled));
  return assignments.map((assignment, i) => ({ assignment, outcome: outcomes[i] as Outcome }));
}

interface Ended {
  readonly assignment: Assignment;
  readonly outcome: Outcome;
}

function conclude(experiment: RegisteredExperiment, preset: Reproduction["preset"], ended: readonly Ended[]): Reproduction {
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

const failuresOf = (ended: readonly Ended[]): readonly Failure[] =>
  ended.flatMap(({ assignment, outcome }) => (outcome.ok ? [] : [{ job: describeAssignment(assignment), error: outcome.error }]));

/** As a journal gives it back: JSON has neither NaN nor −0. */
const asSaved = (result: unknown): unknown => JSON.parse(JSON.stringify(result));
