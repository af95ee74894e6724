import { z } from "zod";
import { type BackendChoice, backendIds, choiceOf } from "../backends/choice.ts";
import { parseSaved, type Refuse } from "../savedValue.ts";
import type { DataIdentity, Sampling } from "../tasks/task.ts";
import type { Values } from "../tunedValues.ts";
import { differences, prefixed } from "./differences.ts";
import { ConfigurationMismatchError } from "./errors.ts";

const values = z.record(z.string(), z.union([z.number(), z.string()])).readonly();

const configuration = z
  .strictObject({
    task: z.string(),
    optimizer: z.string(),
    seed: z.number().int(),
    steps: z.number().int().positive(),
    recordEvery: z.number().int().positive(),
    checkpointEvery: z.number().int().positive().exactOptional(),
    evaluateEvery: z.number().int().positive().exactOptional(),
    judgedBy: z.union([z.literal("everything"), z.strictObject({ draws: z.number().int().min(2) }).readonly()]).exactOptional(),
    taskOptions: values,
    hyperparameters: values,
    backend: z.enum(backendIds).exactOptional(),
    fastMath: z.boolean().exactOptional(),
    data: z.strictObject({ name: z.string(), digest: z.string() }).readonly().exactOptional(),
  })
  .readonly();

/** How a run is kept and watched. None of it bears on its bits, and a run may go on with another upkeep than it began with. */
export interface Upkeep {
  /** Every how many evaluations of the loss a checkpoint is written; where absent, time alone makes one due. */
  readonly checkpointEvery?: number;
  /** Every how many evaluations of the loss x is judged by the task's held-out examples; where absent, at the end alone. */
  readonly evaluateEvery?: number;
  /** By how many examples; by a default number where absent. */
  readonly judgedBy?: Sampling;
}

/** What a run is, in full: with this and nothing else it can be run again to the same bits. Without a backend it is the reference's. */
export interface RunConfiguration extends Partial<BackendChoice>, Upkeep {
  /** Registry ids. */
  readonly task: string;
  readonly optimizer: string;
  readonly seed: number;
  /** T, evaluations of the loss, which the paper counts as steps. */
  readonly steps: number;
  /** Every how many evaluations one is recorded. */
  readonly recordEvery: number;
  /** Every option of the task and every hyperparameter of the optimizer, by name. */
  readonly taskOptions: Readonly<Record<string, number | string>>;
  readonly hyperparameters: Readonly<Record<string, number | string>>;
  /** What the losses are of, where the task has data. */
  readonly data?: DataIdentity;
}

/** What bears on a run's results. */
export const withoutUpkeep = ({
  checkpointEvery: _every,
  evaluateEvery: _often,
  judgedBy: _many,
  ...run
}: RunConfiguration): Omit<RunConfiguration, keyof Upkeep> => run;

/** The configuration that some JSON is. @throws the error that `refuse` makes of what is wrong with it. */
export const parseConfiguration = (json: unknown, refuse: Refuse): RunConfiguration => parseSaved(configuration, json, refuse);

/** Which backend, as words: a configuration of before there were any says nothing of it. */
export function flatChoice(configuration: Partial<BackendChoice>): { readonly backend: string; readonly fastMath: string } {
  const { backend, fastMath } = choiceOf(configuration);
  return { backend, fastMath: fastMath ? "on" : "off" };
}

const kind = ({ task, optimizer, seed, steps }: RunConfiguration): Values => ({ task, optimizer, seed, steps });

function flat(configuration: RunConfiguration): Values {
  const { taskOptions, hyperparameters, data, ...rest } = withoutUpkeep(configuration);
  return {
    ...rest,
    ...prefixed("data", { ...data }),
    ...flatChoice(rest),
    ...prefixed("task", taskOptions),
    ...prefixed("optimizer", hyperparameters),
  };
}

/** Is `here` the run `there`, at most made longer? @throws ConfigurationMismatchError naming all differences. */
export function checkSameRun(where: string, there: RunConfiguration, here: RunConfiguration): void {
  const found = differences(there, here.steps > there.steps ? { ...here, steps: there.steps } : here, { kind, flat });
  if (found.length > 0) throw new ConfigurationMismatchError(`${where} is another run than the one asked for: ${found.join("; ")}`);
}
