import { Command, Option } from "commander";
import { type PresetName, presetNames, type RegisteredExperiment } from "../../experiments/experiment.ts";
import { experiments, headline } from "../../experiments/index.ts";
import { type Failure, type Reproduction, reproduce, workOf } from "../../experiments/reproduce.ts";
import { type Target, targets } from "../../experiments/targets.ts";
import { prepareFolder } from "../../report/folder.ts";
import { saveReproduction } from "../../report/saveReproduction.ts";
import { textReport } from "../../report/textReport.ts";
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
  readonly all?: boolean;
  readonly json?: boolean;
}

const help = `
A table brings its figures; a figure runs its table's jobs and brings itself alone. Results (JSON), figures (SVG) and a page (report.html) are
written to a folder, which must be new, empty, or an earlier report of the same. Numbers depend on ids, preset and seeds, not on the workers.

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
    .addOption(new Option("--all", "every experiment").default(false))
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help)
    .action((ids: readonly string[], options: ReproduceCommandOptions) => run(io, ids, options));
}

async function run(io: Io, ids: readonly string[], options: ReproduceCommandOptions): Promise<void> {
  const asked = askedFor(ids, options);
  const out = options.out ?? `reports/${folderName(ids, options)}`;
  prepareFolder(out, { ids: asked.map(({ id }) => id), preset: options.preset });
  const reproductions = await carryOut(io, [...new Set(asked.map(({ experiment }) => experiment))], options);
  const saved = await saveReproduction(out, asked, reproductions, { ...environment() });
  if (options.json) writeJson(io, saved);
  else io.stdout.write(textReport(reproductions, out));
  const failures = reproductions.flatMap((reproduction) => reproduction.failures);
  if (failures.length > 0) throw new FailureError(`${failures.length} of the runs failed:\n${failures.map(describe).join("\n")}`);
}

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
  { preset, seeds, workers, json = false }: ReproduceCommandOptions,
): Promise<readonly Reproduction[]> {
  const options = { preset, ...(seeds === undefined ? {} : { seeds }), ...(workers === undefined ? {} : { workers }) };
  const progress = createProgress(io.stderr, {
    label: wanted.map(({ id }) => id).join(", "),
    total: workOf(wanted, options),
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
