import { cpus } from "node:os";
import type { DType } from "@lodo/tensor";
import { Command, Option } from "commander";
import type { BackendChoice } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { DataError } from "../../data/errors.ts";
import { type PresetName, presetNames, type RegisteredExperiment } from "../../experiments/experiment.ts";
import { experiments, headline } from "../../experiments/index.ts";
import { checkPeaks, type Failure, type Reproduction, reproduce, workload } from "../../experiments/reproduce.ts";
import { byTime, type Target, targets } from "../../experiments/targets.ts";
import { groupBy } from "../../groupBy.ts";
import type { Journal } from "../../pool/journal.ts";
import { InterruptedError } from "../../pool/threads.ts";
import { saveReproduction } from "../../report/saveReproduction.ts";
import { textReport } from "../../report/textReport.ts";
import { computedBy, openWork } from "../../report/workFolder.ts";
import { environment } from "../../run/environment.ts";
import { type DataSource, withDataFrom } from "../../tasks/dataSource.ts";
import type { DataIdentity } from "../../tasks/task.ts";
import type { ValuesSource } from "../../tunedValues.ts";
import { folderPath, integerOf, positiveUpTo } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked } from "../backendOptions.ts";
import { asUsage, FailureError, UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { byId } from "../suggest.ts";

interface ReproduceCommandOptions extends BackendFlags {
  readonly preset: PresetName;
  readonly seeds?: number;
  readonly seconds?: number;
  readonly hyperparameters: "paper" | "tuned";
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly data?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const help = `
A table brings its figures; a figure runs its table's jobs and brings itself alone. Results (JSON), figures (SVG) and a page (report.html) are
written to a folder, which must be new, empty, or an earlier report of the same. Numbers depend on ids, preset, seeds and hyperparameters, their
last bits on the backend, and nothing on the workers.
Runs that have ended are kept there (journal.jsonl) whatever ends the command; --resume goes on with the others, to the same numbers.
Tables of images need their data (lodo data), run only where they are asked for by name, and take hours or days at the paper's preset.

Examples:
  lodo reproduce                              ${headline.join(" and ")}, quickly
  lodo reproduce table-8 --preset paper       Table 8 and its figures as the paper ran them
  lodo reproduce figure-3 --out figures --json
  lodo reproduce table-1 --seconds 300        by the clock, which is never twice the same
  lodo reproduce table-2-fashion-mnist        images, where Debian's Fashion-MNIST or --data has them`;

/** All runs are planned before the first begins; with more, the plan itself would fill the memory. */
const maxSeeds = 10_000;

/** A week. */
const maxSeconds = 604_800;

/** `lodo reproduce`: the paper's numbers beside ours. */
export function reproduceCommand(io: Io): Command {
  const command = new Command("reproduce")
    .description("run the paper's experiments and set our numbers beside its own")
    .argument("[id...]", `tables and figures, by the ids that lodo list tells (default: ${headline.join(", ")})`)
    .addOption(
      new Option("--preset <name>", "quick: fewer steps and seeds; paper: as the paper ran it").choices(presetNames).default("quick"),
    )
    .option("--seeds <n>", "seeds 0 to n − 1, instead of the preset's", integerOf(1, maxSeeds))
    .addOption(
      new Option("--seconds <s>", "give every run this time instead of a number of steps, one run after the other, where an experiment can")
        .argParser(positiveUpTo(maxSeconds))
        .conflicts("workers"),
    )
    .addOption(
      new Option("--hyperparameters <whose>", "paper: those of Table 6; tuned: our own by lodo tune, else the paper's, else the defaults")
        .choices(["paper", "tuned"])
        .default("paper"),
    )
    .option("--workers <n>", "threads (default: one for each processor)", integerOf(1))
    .option("--out <dir>", "the report's folder (default: one under reports/ named after what is asked for)", folderPath)
    .option("--resume", "keep the runs that the folder has from an earlier command, which was interrupted, and do the others")
    .addOption(new Option("--all", "every experiment that needs no data").default(false))
    .option("--data <dir>", "the folder for the data of those that need some, and no other", folderPath)
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command.action((ids: readonly string[], options: ReproduceCommandOptions) => run(io, ids, options));
}

async function run(io: Io, ids: readonly string[], options: ReproduceCommandOptions): Promise<void> {
  const asked = askedFor(ids, options);
  const out = options.out ?? `reports/${folderName(ids, options)}`;
  const source: DataSource = {
    ...(options.data === undefined ? {} : { folder: options.data }),
    warn: (line) => void io.stderr.write(`note: ${line}\n`),
  };
  const measuredOn = await withDataFrom(source, async () => dataOf(asked));
  // Jobs compute in threads of their own, one each.
  const computing = { dtype: dtypeOf(asked), threads: 1, there: options.resume ? computedBy(out) : null };
  const { choice, backend } = await openAsked(io, { ...options, ...computing });
  return onBackend(backend, () => runOn(io, asked, { ...options, out, choice, measuredOn }));
}

/** The data that what is asked for needs, each once. @throws UsageError if some cannot be had, with what to put where. */
function dataOf(asked: readonly Target[]): readonly DataIdentity[] {
  const found = asked.flatMap(({ id, experiment }) => {
    const data = asUsage(DataError, () => named(id, () => experiment.data?.()));
    return data ? [data] : [];
  });
  return groupBy(found, ({ digest }) => digest).flatMap(([first]) => first ?? []);
}

/** What `f` returns; where data cannot be had, the error says for what. */
function named<T>(id: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw error instanceof DataError ? new DataError(`${id} needs data: ${error.message}`, { cause: error }) : error;
  }
}

/** What all can compute in. */
const dtypeOf = (asked: readonly Target[]): DType =>
  asked.every(({ experiment }) => experiment.dtype === "float32") ? "float32" : "float64";

/** What was asked for, with what was not said. */
interface Asked extends Omit<ReproduceCommandOptions, keyof BackendFlags> {
  readonly out: string;
  readonly choice: BackendChoice;
  readonly measuredOn: readonly DataIdentity[];
}

async function runOn(io: Io, asked: readonly Target[], options: Asked): Promise<void> {
  const { out, choice, measuredOn } = options;
  const { preset, seeds = null, seconds = null, resume = false } = options;
  // What is timed depends on the processor.
  const timedOn = seconds === null ? {} : { processor: cpus()[0]?.model ?? "unknown" };
  const hyperparameters = sourceOf(options);
  const here = { ...environment(), ...timedOn };
  const on = measuredOn.length === 0 ? {} : { data: measuredOn };
  const subject = { ids: asked.map(({ id }) => id), preset, seeds, seconds, hyperparameters, ...choice, ...on, environment: here };
  const wanted = groupBy(asked, ({ experiment }) => experiment.id).flatMap(([target]) => target?.experiment ?? []);
  checkPeaks(wanted, { preset });
  const work = openWork(out, subject, { resume });
  try {
    if (work.elsewhere)
      io.stderr.write(`note: this was begun elsewhere (${describeEnvironment(work.elsewhere)}); last bits may differ here\n`);
    const reproductions = await carryOut(io, wanted, work.journal, options);
    const saved = await saveReproduction(out, asked, reproductions, subject);
    work.finish();
    if (options.json) writeJson(io, saved);
    else io.stdout.write(textReport(reproductions, out, choice));
    const failures = reproductions.flatMap((reproduction) => reproduction.failures);
    if (failures.length > 0) throw new FailureError(`${failures.length} of the runs failed:\n${failures.map(describe).join("\n")}`);
  } catch (error) {
    if (error instanceof InterruptedError)
      throw new FailureError(`${error.message}; the same command with --resume goes on`, { cause: error });
    throw error;
  } finally {
    work.close();
  }
}

const describeEnvironment = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");

/** @throws UsageError naming the nearest id. */
function askedFor(ids: readonly string[], { all = false, seconds }: ReproduceCommandOptions): readonly Target[] {
  if (all && ids.length > 0) throw new UsageError(`--all is everything, and cannot be narrowed to ${ids.join(", ")}`);
  const wanted = all ? experiments.map(({ id }) => id) : ids.length > 0 ? ids : headline;
  const asked = [...new Set(wanted)].map((id) => byId("table or figure", id, targets));
  return seconds === undefined ? asked : asked.map((target) => timed(target, seconds));
}

/** @throws UsageError if the target makes no sense by time, naming those that do. */
function timed(target: Target, seconds: number): Target {
  const found = byTime(target, seconds);
  if (found) return found;
  const able = targets.filter((each) => byTime(each, seconds) !== null).map(({ id }) => id);
  throw new UsageError(`${target.id} cannot be run by time; --seconds is for ${able.join(", ")}`);
}

const sourceOf = ({ hyperparameters }: Pick<ReproduceCommandOptions, "hyperparameters">): ValuesSource =>
  hyperparameters === "tuned" ? "ours" : "paper";

function folderName(ids: readonly string[], { all = false, preset, seconds, hyperparameters }: ReproduceCommandOptions): string {
  const what = all ? "all" : ids.length > 0 ? [...new Set(ids)].join("-") : "headline";
  return `${what}-${seconds === undefined ? "" : `${seconds}s-`}${preset}${hyperparameters === "tuned" ? "-tuned" : ""}`;
}

async function carryOut(
  io: Io,
  wanted: readonly RegisteredExperiment[],
  journal: Journal,
  { preset, seeds, seconds, choice, data, workers = seconds === undefined ? undefined : 1, json = false, ...rest }: Asked,
): Promise<readonly Reproduction[]> {
  const whose = sourceOf(rest) === "paper" ? {} : { hyperparameters: sourceOf(rest) };
  const options = {
    preset,
    journal,
    backend: choice,
    ...whose,
    ...(data === undefined ? {} : { data }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(workers === undefined ? {} : { workers }),
  };
  const { total, done } = workload(wanted, options);
  const progress = createProgress(io.stderr, {
    label: wanted.map(({ id }) => id).join(", "),
    total,
    from: done,
    unit: seconds === undefined ? "steps" : "seconds",
    quiet: json,
  });
  return interruptible(io, progress, (signal) =>
    reproduce(wanted, {
      ...options,
      signal,
      onProgress: (evaluations) => progress.update(evaluations),
      onFailure: (failure) => progress.log(`failed: ${describe(failure)}`),
    }),
  );
}

const describe = ({ job, error }: Failure): string => `${job}: ${error}`;
