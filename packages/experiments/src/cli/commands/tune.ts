import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { optimizers } from "@lodo/optim";
import { ArgumentError, TensorError } from "@lodo/tensor";
import { Command } from "commander";
import { choiceOf, describeChoice } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { environment } from "../../run/environment.ts";
import { checkFresh } from "../../run/folder.ts";
import { checkMemory } from "../../run/memory.ts";
import { simulate } from "../../run/simulate.ts";
import { tasks } from "../../tasks/index.ts";
import { checkSameSearch, type SearchConfiguration, scalesOf } from "../../tune/configuration.ts";
import { beginSearch, readSearch, resumeSearch } from "../../tune/folder.ts";
import type { Generation, SearchResult } from "../../tune/result.ts";
import { checkFile, checkSavable, saveTuned } from "../../tune/save.ts";
import { describeSearch } from "../../tune/textResult.ts";
import { tuningPage } from "../../tune/tuningPage.ts";
import { backendMemory, openAsked } from "../backendOptions.ts";
import { asUsage } from "../errors.ts";
import { type Io, writeJson } from "../io.ts";
import { byId } from "../suggest.ts";
import { withDataAsked } from "../withDataAsked.ts";
import { carryOut } from "./carryOutSearch.ts";
import { configure, firstRun } from "./tuneConfiguration.ts";
import { addTuneOptions, type TuneOptions } from "./tuneOptions.ts";

/** `lodo tune`: hyperparameters by the paper's genetic search. */
export const tuneCommand = (io: Io): Command =>
  addTuneOptions(new Command("tune")).action((task: string, options: TuneOptions) => run(io, task, options));

async function run(io: Io, taskId: string, options: TuneOptions): Promise<void> {
  const task = byId("task", taskId, tasks);
  const optimizer = byId("optimizer", options.optimizer, optimizers);
  const out = options.out ?? `runs/tune-${task.id}-${optimizer.id}`;
  const there = options.resume ? readSearch(out) : null;
  const asked = configure(task, optimizer, options, there);
  const { dtype = "float64" } = task;
  // Individuals compute in threads of their own, one each; here they are made, on as much memory.
  const memory = backendMemory(options.workers ?? availableParallelism());
  const { choice, backend } = await openAsked(io, { ...options, there: there && choiceOf(there), dtype, threads: 1, memory });
  return withDataAsked(io, options, () => onBackend(backend, () => runOn(io, { ...asked, ...choice }, there, out, options)));
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
  if (options.saveTo !== undefined) checkFile(pathToFileURL(options.saveTo), asked);
  asUsage(TensorError, () => checkMemory(firstRun(asked)));
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

/** What a reader of the document wants; the individuals are in the folder. */
const withoutIndividuals = ({ generations, ...rest }: SearchResult) => ({ ...rest, generations: generations.map(inShort) });

function inShort({ individuals, ...generation }: Generation) {
  const scores = individuals.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => a - b);
  return { ...generation, best: scores[0] ?? null, diverged: individuals.length - scores.length };
}
