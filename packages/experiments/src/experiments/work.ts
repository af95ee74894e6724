import { type Assignment, describeAssignment, type Outcome } from "../pool/jobs.ts";
import { type Journal, runJournaled } from "../pool/journal.ts";
import { type RunJobsOptions, runJobs } from "../pool/runJobs.ts";
import { checkRoom } from "../run/memory.ts";
import type { ValuesSource } from "../tunedValues.ts";
import { type Preset, type PresetName, type RegisteredExperiment, workOf } from "./experiment.ts";
import { inShard, type Shard } from "./shard.ts";

/** How the jobs of some experiments are run. */
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

/** A preset that says which it is. */
export type NamedPreset = Preset & { readonly name: PresetName };

/** The preset as asked for. */
export function presetOf({ presets }: RegisteredExperiment, { preset: name, seeds, hyperparameters }: ReproduceOptions): NamedPreset {
  return {
    name,
    ...presets[name],
    ...(seeds === undefined ? {} : { seeds }),
    ...(hyperparameters === undefined ? {} : { hyperparameters }),
  };
}

/** @throws MemoryError if any job would take more memory than there is. */
export function checkFootprints(experiments: readonly RegisteredExperiment[], options: ReproduceOptions): void {
  for (const experiment of experiments) {
    const preset = presetOf(experiment, options);
    const remedy = preset.name === "quick" ? `${experiment.id} comes no smaller` : `${experiment.id} takes less with --preset quick`;
    const footprint = experiment.footprint?.(preset);
    if (footprint) checkRoom(footprint, remedy, experiment.memory);
  }
}

/** For progress: the work in all, or of a shard, and that of jobs which a journal has. */
export function workload(
  experiments: readonly RegisteredExperiment[],
  options: ReproduceOptions,
  shard?: Shard,
): { readonly total: number; readonly done: number } {
  // Fractions of seconds add up to 4.199999999999999.
  const sum = (assignments: readonly Assignment[]): number =>
    Number(assignments.reduce((work, { job }) => work + workOf(job), 0).toPrecision(12));
  const assignments = assignmentsOf(experiments, options, shard);
  return { total: sum(assignments), done: sum(assignments.filter((each) => options.journal?.outcomeOf(each) !== undefined)) };
}

/** All jobs, or those of a shard. */
export function assignmentsOf(
  experiments: readonly RegisteredExperiment[],
  options: ReproduceOptions,
  shard: Shard = { part: 1, of: 1 },
): readonly Assignment[] {
  const all = experiments.flatMap((experiment) =>
    experiment.jobs(presetOf(experiment, options)).map((job): Assignment => ({ experiment: experiment.id, job })),
  );
  return inShard(all, shard);
}

/** A job with what became of it. */
export interface Ended {
  readonly assignment: Assignment;
  readonly outcome: Outcome;
}

/** Runs jobs of these experiments on one pool, but for those that the journal has. */
export async function carryOut(
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

/** Those that threw. */
export const failuresOf = (ended: readonly Ended[]): readonly Failure[] =>
  ended.flatMap(({ assignment, outcome }) => (outcome.ok ? [] : [{ job: describeAssignment(assignment), error: outcome.error }]));
