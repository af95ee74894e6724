import type { DType } from "@lodo/tensor";
import type { TopLevelSpec } from "vega-lite";
import type { Footprint } from "../run/footprint.ts";
import type { DataIdentity } from "../tasks/task.ts";
import type { ValuesSource } from "../tunedValues.ts";
import type { Row } from "./row.ts";

export const presetNames = ["quick", "paper"] as const;
export type PresetName = (typeof presetNames)[number];

/** How much work an experiment is. */
export interface Preset {
  /** Loss evaluations a run, which the paper counts as steps; 0 where a run lasts `seconds` instead. */
  readonly steps: number;
  readonly seconds?: number;
  /** Seeds 0 … seeds − 1. */
  readonly seeds: number;
  /** Whose tuned hyperparameters; the paper's unless told. */
  readonly hyperparameters?: ValuesSource;
  /** Examples that a loss is drawn of, where the task has such: as many as its default unless told. */
  readonly batch?: number;
  /** Channels of its network's first stage, where the task has such: as many as its default unless told. */
  readonly width?: number;
  /** Examples that the last x is judged by, where the task has such: every one unless told. */
  readonly judgedBy?: number;
}

/** An independent piece of an experiment: plain data, so that it can go to another thread. */
export interface Job {
  /** A registry id: the optimizer. */
  readonly name: string;
  /** Which of the table's columns it belongs to. */
  readonly column: string;
  readonly seed: number;
  /** Loss evaluations; 0 where the job lasts `seconds` instead. */
  readonly evaluations: number;
  readonly seconds?: number;
}

/** What progress counts of a job: loss evaluations, or seconds. */
export const workOf = ({ evaluations, seconds }: Pick<Job, "evaluations" | "seconds">): number => seconds ?? evaluations;

/** What a job is given besides its data. */
export interface JobContext {
  /** Told as work goes on, for progress: so many more evaluations, or seconds, are done; `earlier`, by another process. An integer. */
  tick(done: number, earlier?: boolean): void;
  /** Runs `f` off the clock: the evaluation of metrics is no part of a run's time. */
  untimed<T>(f: () => T): T;
  /** Where the job may keep what it has come to; absent where nobody would look for it. */
  readonly checkpoint?: JobCheckpoint;
}

/** What is left of a job whose process was killed, for another process to go on from. */
export interface JobCheckpoint {
  /** What the job kept last, as it was; null if it kept nothing. @throws CheckpointError if that is damaged, or another job's. */
  load(): unknown;
  /** What is wrong with what was kept, as an error that says where it is. */
  refuse(problem: string): Error;
  /**
   * Keeps all that the rest of the job depends on, plain data that `serialize` takes, if that is due.
   * @throws CheckpointError if it cannot be written.
   */
  save(state: () => object): void;
}

/** A job that came to its end, diverged or not. */
export interface Run<J extends Job = Job, R = unknown> {
  readonly job: J;
  readonly result: R;
}

/** Whether our numbers bear out what the paper claims. */
export interface Verdict {
  readonly holds: boolean;
  /** The numbers that decide it, in a sentence to follow "our numbers bear this out:" or "do not bear this out:". */
  readonly words: string;
}

/** A plot of the runs. */
export interface Figure<J extends Job = never, R = never> {
  readonly id: string;
  readonly summary: string;
  /** What is seen, with units. */
  readonly caption: string;
  /** For those who cannot see it: what it shows, from the data. */
  alt(runs: readonly Run<J, R>[]): string;
  spec(runs: readonly Run<J, R>[]): TopLevelSpec;
}

/** A further column of the table, beside the numbers. */
export interface Detail {
  readonly title: string;
  /** One for each row; "" where there is nothing to say. */
  readonly cells: readonly string[];
}

/** A setting shown on the page. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/**
 * A table of the paper with the figures that share its runs: which jobs, what one job does, and what the results say. Everything but `run` and `data` is a
 * pure function of data.
 */
export interface Experiment<J extends Job = never, R = never> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Section, table and figures of the paper. */
  readonly reference: string;
  /** What is claimed, by the paper unless the sentence says by whom. */
  readonly claim: string;
  /** What stands before a column's name over a table, where that alone does not say what it is: "variance", of "0.1". */
  readonly columnsAre?: string;
  readonly presets: Readonly<Record<PresetName, Preset>>;
  /** In an order in which long and short ones mix, so that progress is even, and none of the longest comes last. */
  jobs(preset: Preset): readonly J[];
  /** What its jobs compute in: float64 unless told. */
  readonly dtype?: DType;
  /** Bytes of memory that a job needs of what computes it, where a backend's default does not suffice. */
  readonly memory?: number;
  /** Of the largest of its jobs, foretold by smaller steps, where there may not be so much memory; null if it is not known. */
  footprint?(preset: Preset): Footprint | null;
  /** Reads the data that its jobs need, where they need some. @throws DataError if they cannot be had. */
  data?(): DataIdentity;
  run(job: J, context: JobContext): R;
  rows(runs: readonly Run<J, R>[]): readonly Row[];
  /** What else there is to know about each row. */
  details?(rows: readonly Row[], runs: readonly Run<J, R>[]): readonly Detail[];
  /** Why a row differs from the paper's, in a few words; null where it needs none. */
  remark?(row: Row, runs: readonly Run<J, R>[]): string | null;
  verdict(rows: readonly Row[], runs: readonly Run<J, R>[]): Verdict;
  /** Why numbers differ from the paper's, and what a reader has to know. */
  notes(rows: readonly Row[], runs: readonly Run<J, R>[]): readonly string[];
  settings(preset: Preset): readonly Setting[];
  readonly figures: readonly Figure<J, R>[];
  /**
   * The same with runs that last `seconds` each instead of a number of steps, where that makes sense: another experiment, whose id and figures' ids are
   * these with "-by-time" after them. What comes out of it differs from run to run.
   */
  byTime?(seconds: number): RegisteredExperiment;
}

/** An experiment as the registry sees it: its jobs and results pass through unread. */
export type RegisteredExperiment = Experiment<Job, unknown>;

/** Forgets the types of jobs and results, which are the experiment's own business. */
export const defineExperiment = <J extends Job, R>(experiment: Experiment<J, R>): RegisteredExperiment =>
  experiment as unknown as RegisteredExperiment;
