import { availableParallelism } from "node:os";
import { createRng } from "@lodo/tensor";
import { choiceOf } from "../backends/choice.ts";
import { summarize } from "../experiments/row.ts";
import type { TrialResult } from "../experiments/trial.ts";
import { type Assignment, describeAssignment } from "../pool/jobs.ts";
import { type Journal, runJournaled } from "../pool/journal.ts";
import { type JobThreads, type JobThreadsOptions, jobThreads } from "../pool/runJobs.ts";
import { missingFromTable6, table6 } from "../tunedValues.ts";
import { version } from "../version.ts";
import { commandOf, populationOf, type SearchConfiguration } from "./configuration.ts";
import {
  betterHalf,
  type Fitness,
  fitnessOf,
  freshSeed,
  individuals,
  meanOf,
  type Position,
  positionOf,
  type Scales,
  type SearchedValues,
  valuesAt,
} from "./generation.ts";
import type { Compared, Generation, SearchResult } from "./result.ts";
import type { GenerationPlan } from "./schedule.ts";
import { assignmentOf } from "./trials.ts";

/** An individual that could not be run. */
export class SearchError extends Error {
  override readonly name = "SearchError";
}

export interface SearchOptions extends Omit<JobThreadsOptions, "backend"> {
  readonly journal: Journal;
  /** Told of the loss evaluations done so far, and of what is being done. */
  readonly onProgress?: (evaluations: number, note: string) => void;
}

/** Seeds on which the values found are compared with others, unless told. */
const usualSeeds = 4;

/**
 * The genetic search of Appendix E. Each generation is the mean plus noise; the next mean is the mean of its better half, judged by the mean loss
 * over 0.9 T < i < T. At the end the values found, those of the start and the paper's run from the same seeds. What comes out depends on the
 * configuration alone: neither on the number of workers nor on what the journal knows already.
 * @throws SearchError naming a run that threw; what runJournaled throws.
 */
export async function search(
  configuration: SearchConfiguration,
  scales: Scales,
  { workers = availableParallelism(), signal, data, memory, ...options }: SearchOptions,
): Promise<SearchResult> {
  // The same for all generations: every start of a thread costs half a second.
  const populations = configuration.schedule.map((plan) => populationOf(configuration, plan));
  const most = Math.max(...populations, comparedRuns(configuration));
  const threads = jobThreads({
    workers: Math.min(workers, most),
    backend: choiceOf(configuration),
    ...(signal ? { signal } : {}),
    ...(data === undefined ? {} : { data }),
    ...(memory === undefined ? {} : { memory }),
  });
  try {
    return await searchOn(configuration, scales, { ...options, threads });
  } finally {
    await threads.close();
  }
}

/** What a part of a search is given. */
interface PartOptions extends Omit<SearchOptions, keyof JobThreadsOptions> {
  readonly threads: JobThreads;
  /** Loss evaluations of the parts before. */
  readonly done: number;
}

async function searchOn(configuration: SearchConfiguration, scales: Scales, options: Omit<PartOptions, "done">): Promise<SearchResult> {
  const { schedule, seed } = configuration;
  const generations: Generation[] = [];
  let mean = positionOf(configuration.start as SearchedValues, scales);
  let done = 0;
  for (const [g, plan] of schedule.entries()) {
    const next = await runGeneration(configuration, scales, { ...options, done }, { g, plan, mean });
    generations.push(next);
    done += populationOf(configuration, plan) * plan.steps;
    mean = meanOf(next.individuals.filter(({ survived }) => survived).map(({ values }) => positionOf(values, scales)));
  }
  const tuned = valuesAt(mean, scales);
  const comparison = await compare(configuration, tuned, { ...options, done });
  const provenance = { command: commandOf(configuration), seed, version };
  return { kind: "lodo-tuning", configuration, generations, end: mean, tuned, comparison, provenance };
}

/** Loss evaluations of a search at most, for progress. */
export function workOf(configuration: SearchConfiguration): number {
  const searched = configuration.schedule.reduce((sum, plan) => sum + populationOf(configuration, plan) * plan.steps, 0);
  return searched + comparedRuns(configuration) * lastSteps(configuration);
}

/** Runs of the comparison in the end. */
const comparedRuns = (configuration: SearchConfiguration): number =>
  contestants(configuration, {}).length * (configuration.comparedSeeds ?? usualSeeds);

const lastSteps = ({ schedule }: SearchConfiguration): number => (schedule.at(-1) as GenerationPlan).steps;

async function runGeneration(
  configuration: SearchConfiguration,
  scales: Scales,
  options: PartOptions,
  { g, plan, mean }: { readonly g: number; readonly plan: GenerationPlan; readonly mean: Position },
): Promise<Generation> {
  const { seed, schedule } = configuration;
  const { deviation, steps } = plan;
  const population = populationOf(configuration, plan);
  const drawn = individuals(seed, g, mean, scales, { deviation, population });
  const assignments = drawn.map((each) => assignmentOf(configuration, { column: `generation ${g + 1}`, steps, ...each }));
  const results = await resultsOf(assignments, options, `generation ${g + 1} of ${schedule.length}`);
  const fitnesses = results.map((result) => fitnessOf(result, steps));
  const survivors = new Set(betterHalf(fitnesses));
  return { ...plan, mean, individuals: drawn.map((each, i) => ({ ...each, ...(fitnesses[i] as Fitness), survived: survivors.has(i) })) };
}

async function compare(
  configuration: SearchConfiguration,
  tuned: SearchedValues,
  options: PartOptions,
): Promise<SearchResult["comparison"]> {
  const steps = lastSteps(configuration);
  const rng = createRng(configuration.seed).split("comparison");
  const { comparedSeeds = usualSeeds } = configuration;
  const seeds = Array.from({ length: comparedSeeds }, (_, i) => freshSeed(rng.split(i)));
  const all = contestants(configuration, tuned);
  const assignments = all.flatMap(({ name, values }) =>
    seeds.map((seed) => assignmentOf(configuration, { column: `comparison, ${name}`, seed, steps, values })),
  );
  const results = await resultsOf(assignments, options, "comparison");
  const rows = all.map((contestant, i): Compared => {
    const fitnesses = results.slice(i * seeds.length, (i + 1) * seeds.length).map((result) => fitnessOf(result, steps));
    const scores = fitnesses.flatMap(({ score }) => (score === null ? [] : [score]));
    return { ...contestant, ...summarize(scores), n: scores.length, diverged: seeds.length - scores.length };
  });
  return { steps, rows };
}

/** What is compared in the end: the values at the start, those found and, where they are known, the paper's. */
function contestants({ task, optimizer, start }: SearchConfiguration, tuned: SearchedValues): readonly Pick<Compared, "name" | "values">[] {
  const paper = missingFromTable6(task, optimizer).length === 0 && table6[task]?.[optimizer];
  const begun = Object.fromEntries(Object.keys(tuned).map((key) => [key, start[key] as number]));
  return [
    { name: "start", values: begun },
    { name: "tuned", values: tuned },
    ...(paper ? [{ name: "paper" as const, values: paper }] : []),
  ];
}

async function resultsOf(
  assignments: readonly Assignment[],
  { journal, onProgress, done, threads }: PartOptions,
  note: string,
): Promise<readonly TrialResult[]> {
  const outcomes = await runJournaled(assignments, journal, {
    threads,
    onProgress: (evaluations) => onProgress?.(done + evaluations, note),
  });
  return outcomes.map((outcome, i) => {
    if (!outcome.ok) throw new SearchError(`${describeAssignment(assignments[i] as Assignment)}: ${outcome.error}`);
    return outcome.result as TrialResult;
  });
}
