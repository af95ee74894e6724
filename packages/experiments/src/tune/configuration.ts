import { optimizers, type RegisteredOptimizer } from "@lodo/optim";
import type { Hyperparameters } from "@lodo/preconditioner";
import { z } from "zod";
import { type BackendChoice, backendIds } from "../backends/choice.ts";
import { flatChoice } from "../run/configuration.ts";
import { differences, prefixed } from "../run/differences.ts";
import { ConfigurationMismatchError } from "../run/errors.ts";
import { natural } from "../savedValue.ts";
import { tasks } from "../tasks/index.ts";
import type { DataIdentity } from "../tasks/task.ts";
import type { Values } from "../tunedValues.ts";
import type { Scales } from "./generation.ts";
import { type SearchScale, scaleOf } from "./scale.ts";
import { defaultPopulation, defaultSchedule, formatSchedule, type GenerationPlan, type Schedule } from "./schedule.ts";

/** What a search is, in full: with this and nothing else it can be run again to the same bits. Without a backend it is the reference's. */
export interface SearchConfiguration extends Partial<BackendChoice> {
  /** Registry ids. */
  readonly task: string;
  readonly optimizer: string;
  readonly seed: number;
  /** Individuals in a generation, at least 2, where the schedule does not give it a number of its own. */
  readonly population: number;
  readonly schedule: Schedule;
  /** Every option of the task. */
  readonly taskOptions: Values;
  /** Every hyperparameter of the optimizer: where the search begins, and what stays as it is. */
  readonly start: Values;
  /** Seeds from which the values found are compared with others in the end; 4 unless told. */
  readonly comparedSeeds?: number;
  /** What the losses are of, where the task has data. */
  readonly data?: DataIdentity;
}

const values = z.record(z.string(), z.union([z.number(), z.string()]));

export const searchConfigurationSchema: z.ZodType<SearchConfiguration> = z.strictObject({
  task: z.string(),
  optimizer: z.string(),
  seed: z.number().int(),
  population: z.number().int().min(2),
  schedule: z
    .array(
      z.strictObject({
        deviation: z.number().positive(),
        steps: z.number().int().positive(),
        population: z.number().int().min(2).exactOptional(),
      }),
    )
    .min(1),
  taskOptions: values,
  start: values,
  comparedSeeds: natural.exactOptional(),
  backend: z.enum(backendIds).exactOptional(),
  fastMath: z.boolean().exactOptional(),
  data: z.strictObject({ name: z.string(), digest: z.string() }).exactOptional(),
});

/** Individuals in a generation of a search. */
export const populationOf = ({ population }: Pick<SearchConfiguration, "population">, plan: GenerationPlan): number =>
  plan.population ?? population;

/** The scales of the hyperparameters that are searched: what the optimizer declares, of a rate's or decay's domain. */
export function scalesOf({ tunable, hyperparameters }: Pick<RegisteredOptimizer, "tunable" | "hyperparameters">): Scales {
  const scales = tunable.flatMap((key): [string, SearchScale][] => {
    const hyperparameter = hyperparameters[key];
    const scale = hyperparameter && scaleOf(hyperparameter.domain);
    return scale ? [[key, scale]] : [];
  });
  return Object.fromEntries(scales);
}

/** What was set to something other than its default, as `lodo tune --set` takes it. */
export function settingsOf(
  configuration: SearchConfiguration,
): readonly { readonly scope: "task" | "optimizer"; readonly key: string; readonly value: number | string; readonly text: string }[] {
  const { taskOptions, start } = configuration;
  const task = tasks.find(({ id }) => id === configuration.task);
  const optimizer = optimizers.find(({ id }) => id === configuration.optimizer);
  const changed = (scope: "task" | "optimizer", given: Values, options: Hyperparameters) =>
    Object.entries(given)
      .filter(([key, value]) => options[key]?.default !== value)
      .map(([key, value]) => ({ scope, key, value, text: `${scope}.${key}=${value}` }));
  const hyperparameters = optimizer?.hyperparametersWith?.(start) ?? optimizer?.hyperparameters ?? {};
  return [...changed("task", taskOptions, task?.options ?? {}), ...changed("optimizer", start, hyperparameters)];
}

/** The command that gives this search, without what has no bearing on its result. */
export function commandOf(configuration: SearchConfiguration): string {
  const { task, optimizer, population, schedule, seed, comparedSeeds, backend, fastMath } = configuration;
  const [asked, otherwise] = [formatSchedule(schedule), formatSchedule(defaultSchedule(task))];
  const settings = settingsOf(configuration).map(({ text }) => text);
  return [
    `lodo tune ${task} --optimizer ${optimizer}`,
    ...(asked === otherwise ? [] : [`--schedule ${asked}`]),
    ...(population === defaultPopulation(task) ? [] : [`--population ${population}`]),
    ...(settings.length === 0 ? [] : [`--set ${settings.join(" ")}`]),
    `--seed ${seed}`,
    ...(comparedSeeds === undefined ? [] : [`--comparison-seeds ${comparedSeeds}`]),
    ...(backend === undefined ? [] : [`--backend ${backend}`]),
    ...(fastMath ? ["--fast-math"] : []),
  ].join(" ");
}

/** @throws ConfigurationMismatchError naming all differences, with both sides. */
export function checkSameSearch(where: string, there: SearchConfiguration, here: SearchConfiguration): void {
  const found = differences(there, here, { kind, flat });
  if (found.length > 0)
    throw new ConfigurationMismatchError(`the search in ${where} is another than the one asked for: ${found.join("; ")}`);
}

const kind = ({ task, optimizer, seed, population }: SearchConfiguration): Values => ({ task, optimizer, seed, population });

function flat({ schedule, taskOptions, start, data, ...rest }: SearchConfiguration): Values {
  return {
    ...rest,
    ...flatChoice(rest),
    schedule: formatSchedule(schedule),
    ...prefixed("task", taskOptions),
    ...prefixed("optimizer", start),
    ...prefixed("data", { ...data }),
  };
}
