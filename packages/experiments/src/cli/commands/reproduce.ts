import { Command, Option } from "commander";
import { type PresetName, presetNames, type RegisteredExperiment } from "../../experiments/experiment.ts";
import { experiments, headline } from "../../experiments/index.ts";
import { type Failure, type Reproduction, reproduce, workOf } from "../../experiments/reproduce.ts";
import { type Target, targets } from "../../experiments/targets.ts";
import type { Journal } from "../../pool/journal.ts";
import { InterruptedError } from "../../pool/threads.ts";
import { saveReproduction } from "../../report/saveReproduction.ts";
import { textReport } from "../../report/textReport.ts";
import { openWork } from "../../report/workFolder.ts";
import { environment } from "../../run/environment.ts";
import { folderPath, integerOf } from "../arguments.ts";
import { FailureError, UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { byId } from "../suggest.ts";

interface ReproduceCommandOptions {
  readonly preset: PresetName;
  readonly seeds?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

const help = `
A table brings its figures; a figure runs its table's jobs and brings itself alone. Results (JSON), figures (SVG) and a page (report.html) are
written to a folder, which must be new, empty, or an earlier report of the same. Numbers depend on ids, preset and seeds, not on the workers.
Runs that have ended are kept there (journal.jsonl) whatever ends the command; --resume goes on with the others, to the same numbers.

Examples:
  lodo reproduce                              ${headline.join(" and ")}, quickly
  lodo reproduce table-8 --preset paper       Table 8 and its figures as the paper ran them
  lodo reproduce figure-3 --out figures --json`;

/** All runs are planned before the first begins; with more, the plan itself would fill the memory. */
const maxSeeds = 10_000;

/** `lodo reproduce`: the paper's numbers beside ours. */
export function reproduceCommand(io: Io): Command {
  return new Command("reproduce")
    .description("run the paper's experiments and set our numbers beside its own")
    .argument("[id...]", `tables and figures, by the ids that lodo list tells (default: ${headline.join(", ")})`)
    .addOption(
      new Option("--preset <name>", "quick: fewer steps and seeds; paper: as the paper ran it").choices(presetNames).default("quick"),
    )
    .option("--seeds <n>", "seeds 0 to n − 1, instead of the preset's", integerOf(1, maxSeeds))
    .option("--workers <n>", "threads (default: one for each processor)", integerOf(1))
    .option("--out <dir>", "the report's folder (default: one under reports/ named after what is asked for)", folderPath)
    .option("--resume", "keep the runs that the folder has from an earlier command, which was interrupted, and do the others")
    .addOption(new Option("--all", "every experiment").default(false))
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help)
    .action((ids: readonly string[], options: ReproduceCommandOptions) => run(io, ids, options));
}

async function run(io: Io, ids: readonly string[], options: ReproduceCommandOptions): Promise<void> {
  const asked = askedFor(ids, options);
  const out = options.out ?? `reports/${folderName(ids, options)}`;
  const { preset, seeds = null, resume = false } = options;
  const subject = { ids: asked.map(({ id }) => id), preset, seeds, environment: { ...environment() } };
  const work = openWork(out, subject, { resume });
  try {
    if (work.elsewhere)
      io.stderr.write(`note: this was begun elsewhere (${describeEnvironment(work.elsewhere)}); last bits may differ here\n`);
    const reproductions = await carryOut(io, [...new Set(asked.map(({ experiment }) => experiment))], work.journal, options);
    const saved = await saveReproduction(out, asked, reproductions, subject);
    work.finish();
    if (options.json) writeJson(io, saved);
    else io.stdout.write(textReport(reproductions, out));
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
function askedFor(ids: readonly string[], { all = false }: ReproduceCommandOptions): readonly Target[] {
  if (all && ids.length > 0) throw new UsageError(`--all is everything, and cannot be narrowed to ${ids.join(", ")}`);
  const wanted = all ? experiments.map(({ id }) => id) : ids.length > 0 ? ids : headline;
  return [...new Set(wanted)].map((id) => byId("table or figure", id, targets));
}

function folderName(ids: readonly string[], { all = false, preset }: ReproduceCommandOptions): string {
  const what = all ? "all" : ids.length > 0 ? [...new Set(ids)].join("-") : "headline";
  return `${what}-${preset}`;
}

async function carryOut(
  io: Io,
  wanted: readonly RegisteredExperiment[],
  journal: Journal,
  { preset, seeds, workers, json = false }: ReproduceCommandOptions,
): Promise<readonly Reproduction[]> {
  const options = { preset, journal, ...(seeds === undefined ? {} : { seeds }), ...(workers === undefined ? {} : { workers }) };
  const { total, done } = workOf(wanted, options);
  const progress = createProgress(io.stderr, {
    label: wanted.map(({ id }) => id).join(", "),
    total,
    from: done,
    unit: "steps",
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
