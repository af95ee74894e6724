import { pathToFileURL } from "node:url";
import { optimizers, type RegisteredOptimizer } from "@lodo/optim";
import { ArgumentError, TensorError } from "@lodo/tensor";
import { Command, Option } from "commander";
import { choiceOf, describeChoice } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { InterruptedError } from "../../pool/threads.ts";
import { environment } from "../../run/environment.ts";
import { checkFresh } from "../../run/folder.ts";
import { simulate } from "../../run/simulate.ts";
import { type DataSource, withDataFrom } from "../../tasks/dataSource.ts";
import { tasks } from "../../tasks/index.ts";
import { checkSameSearch, type SearchConfiguration, scalesOf } from "../../tune/configuration.ts";
import { beginSearch, readSearch, resumeSearch, type SearchFolder } from "../../tune/folder.ts";
import type { Scales } from "../../tune/generation.ts";
import type { Generation, SearchResult } from "../../tune/result.ts";
import { checkFile, checkSavable, saveTuned } from "../../tune/save.ts";
import { defaultPopulation, defaultSchedule, parseSchedule, resampled, type Schedule, table5 } from "../../tune/schedule.ts";
import { SearchError, search, workOf } from "../../tune/search.ts";
import { describeSearch } from "../../tune/textResult.ts";
import { tuningPage } from "../../tune/tuningPage.ts";
import { folderPath, integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked } from "../backendOptions.ts";
import { asUsage, FailureError, UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { resolveSettings } from "../settings.ts";
import { shellQuoted } from "../shellQuoted.ts";
import { byId } from "../suggest.ts";

interface TuneOptions extends BackendFlags {
  readonly optimizer: string;
  readonly generations?: number;
  readonly population?: number;
  readonly schedule?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly comparisonSeeds?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly data?: string;
  readonly save?: boolean;
  readonly saveTo?: string;
  readonly json?: boolean;
}

const help = `
Appendix E's genetic search. Each generation is a mean plus Gaussian noise, in ln η for rates and ln(1 − β) for decays; the next mean is the mean of
its better half, judged by the mean loss of the last tenth of the steps. Runs that diverge or stop come last. In the end the values found, those of
the start and the paper's run from the same seeds.

--schedule says the noise's deviation and the steps of each generation, 3x1000,1.5x2000,0.6x8000; "paper" is Table 5's. With another number of
--generations, entries are left out or repeated evenly, so that the noise still ends small. A third number is that of a generation's individuals, where it
is not --population: 1x150x6,0.25x1500x2 runs few of those that run long.

The folder holds config.json, individuals.jsonl (each as it ends), and at the end result.json and a page, report.html. A search that was cut off goes
on with --resume to the same bits; what is not said again is then taken from its config.json. Results do not depend on the workers.

Examples:
  lodo tune rosenbrock --optimizer adam
  lodo tune noisy-quadratic-bowl --optimizer lodo --workers 2 --out runs/tune-lodo
  lodo tune noisy-quadratic-bowl --optimizer lodo --out runs/tune-lodo --resume`;

/** `lodo tune`: hyperparameters by the paper's genetic search. */
export function tuneCommand(io: Io): Command {
  const command = new Command("tune")
    .description("search for an optimizer's hyperparameters on a task")
    .argument("<task>", "a task, by the id that lodo list tells")
    .requiredOption("--optimizer <id>", "an optimizer, likewise")
    .option("--generations <n>", "how many (default: as many as the schedule has)", integerOf(1, 1000))
    .option(
      "--population <n>",
      "individuals in each (default: as many as the paper has, 16 for image-classification and 32 elsewhere)",
      integerOf(2, 10_000),
    )
    .option(
      "--schedule <list>",
      "deviation x steps of each generation, or paper (default: Table 5's, the bowl's where it has none for the task)",
    )
    .option("--set <key=value...>", "where the search begins, or an option that is not searched: as in lodo run")
    .option("--seed <n>", "of everything random (default: 0)", integerOf(Number.MIN_SAFE_INTEGER))
    .option(
      "--comparison-seeds <n>",
      "seeds from which the values found run in the end beside others; 0 for none (default: 4)",
      integerOf(0, 1000),
    )
    .option("--workers <n>", "threads (default: one for each processor)", integerOf(1))
    .option(
      "--out <dir>",
      "the search's folder: new or empty, unless resuming (default: one under runs/ named after task and optimizer)",
      folderPath,
    )
    .option("--resume", "go on with the search in the folder")
    .option("--save", "keep the values found in this clone of the repository, for --hyperparameters tuned")
    .addOption(
      new Option("--save-to <file>", "keep the values found in a JSON file, beside those of other optimizers there")
        .argParser(folderPath)
        .conflicts("save"),
    )
    .option("--data <dir>", "the folder for the task's data, and no other", folderPath)
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command.action((task: string, options: TuneOptions) => run(io, task, options));
}

async function run(io: Io, taskId: string, options: TuneOptions): Promise<void> {
  const task = byId("task", taskId, tasks);
  const optimizer = byId("optimizer", options.optimizer, optimizers);
  const out = options.out ?? `runs/tune-${task.id}-${optimizer.id}`;
  const there = options.resume ? readSearch(out) : null;
  const asked = configure(task, optimizer, options, there);
  const { dtype = "float64" } = task;
  // Individuals compute in threads of their own, one each.
  const { choice, backend } = await openAsked(io, { ...options, there: there && choiceOf(there), dtype, threads: 1 });
  const source: DataSource = {
    ...(options.data === undefined ? {} : { folder: options.data }),
    warn: (line) => void io.stderr.write(`note: ${line}\n`),
  };
  return withDataFrom(source, () => onBackend(backend, () => runOn(io, { ...asked, ...choice }, there, out, options)));
}

async function runOn(
  io: Io,
  asked: SearchConfiguration,
  there: SearchConfiguration | null,
  out: string,
  options: TuneOptions,
): Promise<void> {
  const scales = scalesOf(byId("optimizer", asked.optimizer, optimizers));
  if (there) checkSameSearch(out, there, { ...asked, ...dataOf(there) });
  else checkFresh(out);
  if (options.save) asUsage(ArgumentError, () => checkSavable(asked));
  if (options.saveTo !== undefined) checkFile(pathToFileURL(options.saveTo));
  const configuration = { ...asked, ...dataOf(asUsage(TensorError, () => simulate(firstRun(asked))).task) };
  if (there) checkSameSearch(out, there, configuration);
  const folder = there ? resumeSearch(out) : beginSearch(out, configuration);
  try {
    const result = await carryOut(io, configuration, scales, folder, options);
    folder.write("result", `${JSON.stringify(result)}\n`);
    folder.write("page", await tuningPage(result, scales, { ...environment(), backend: describeChoice(choiceOf(configuration)) }));
    const saved = options.save ? saveTuned(result) : options.saveTo === undefined ? null : saveTuned(result, pathToFileURL(options.saveTo));
    if (options.json) writeJson(io, { ...withoutIndividuals(result), out });
    else io.stdout.write(describeSearch(result, out, saved));
  } finally {
    folder.close();
  }
}

const dataOf = ({ data }: Pick<SearchConfiguration, "data">): Pick<SearchConfiguration, "data"> => (data ? { data } : {});

/** The search asked for, in full. What was not said comes from the search being resumed, if there is one, or the defaults. */
function configure(
  task: (typeof tasks)[number],
  optimizer: RegisteredOptimizer,
  options: TuneOptions,
  there: SearchConfiguration | null,
): SearchConfiguration {
  if (Object.keys(scalesOf(optimizer)).length === 0) throw new UsageError(`${optimizer.id} has no hyperparameter to search`);
  const base = {
    ...(there?.task === task.id ? { taskOptions: there.taskOptions } : {}),
    ...(there?.optimizer === optimizer.id ? { hyperparameters: there.start } : {}),
  };
  const { taskOptions, hyperparameters } = resolveSettings(task, optimizer, options.set ?? [], base);
  const comparedSeeds = options.comparisonSeeds ?? there?.comparedSeeds;
  return {
    task: task.id,
    optimizer: optimizer.id,
    seed: options.seed ?? there?.seed ?? 0,
    population: options.population ?? there?.population ?? defaultPopulation(task.id),
    schedule: scheduleOf(task.id, options, there),
    taskOptions,
    start: hyperparameters,
    ...(comparedSeeds === undefined ? {} : { comparedSeeds }),
  };
}

function scheduleOf(task: string, { schedule: text, generations }: TuneOptions, there: SearchConfiguration | null): Schedule {
  if (text === undefined && generations === undefined && there) return there.schedule;
  if (text === "paper" && !Object.hasOwn(table5, task))
    throw new UsageError(`Table 5 has no schedule for ${task}, only for ${Object.keys(table5).join(", ")}; give one as 3x1000,1.5x2000`);
  const schedule = text === undefined || text === "paper" ? defaultSchedule(task) : asUsage(ArgumentError, () => parseSchedule(text));
  return generations === undefined ? schedule : resampled(schedule, generations);
}

/** A run as those of the search are, to see whether task and optimizer can meet at all. */
const firstRun = ({ task, optimizer, seed, taskOptions, start, schedule }: SearchConfiguration): Parameters<typeof simulate>[0] => {
  const steps = schedule[0]?.steps ?? 1;
  return { task, optimizer, seed, steps, recordEvery: steps, checkpointEvery: steps, taskOptions, hyperparameters: start };
};

async function carryOut(
  io: Io,
  configuration: SearchConfiguration,
  scales: Scales,
  folder: SearchFolder,
  { json = false, workers, data }: TuneOptions,
): Promise<SearchResult> {
  const { task, optimizer } = configuration;
  const total = workOf(configuration);
  const progress = createProgress(io.stderr, { label: `tuning ${optimizer}`, total, unit: "steps", quiet: json });
  const goOn = `go on with: lodo tune ${task} --optimizer ${optimizer} --out ${shellQuoted(folder.path)} --resume`;
  let done = 0;
  try {
    return await interruptible(io, progress, (signal) =>
      search(configuration, scales, {
        journal: folder.journal,
        signal,
        ...(workers === undefined ? {} : { workers }),
        ...(data === undefined ? {} : { data }),
        onProgress(evaluations, note) {
          done = evaluations;
          progress.update(evaluations, note);
        },
      }),
    );
  } catch (error) {
    if (error instanceof InterruptedError) throw new FailureError(`interrupted after about ${done} of ${total} steps; ${goOn}`);
    if (error instanceof SearchError) throw new FailureError(`${error.message}; what has ended is kept, ${goOn}`, { cause: error });
    throw error;
  }
}

/** What a reader of the document wants; the individuals are in the folder. */
const withoutIndividuals = ({ generations, ...rest }: SearchResult) => ({ ...rest, generations: generations.map(inShort) });

function inShort({ individuals, ...generation }: Generation) {
  const scores = individuals.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => a - b);
  return { ...generation, best: scores[0] ?? null, diverged: individuals.length - scores.length };
}
