import { cpus } from "node:os";
import { Command } from "commander";
import { onBackend } from "../../backends/onBackend.ts";
import { checkPeaks } from "../../experiments/reproduce.ts";
import type { Target } from "../../experiments/targets.ts";
import { groupBy } from "../../groupBy.ts";
import { InterruptedError } from "../../pool/threads.ts";
import { saveReproduction } from "../../report/saveReproduction.ts";
import { textReport } from "../../report/textReport.ts";
import { computedBy, openWork } from "../../report/workFolder.ts";
import { environment } from "../../run/environment.ts";
import { openAsked } from "../backendOptions.ts";
import { FailureError } from "../errors.ts";
import { type Io, writeJson } from "../io.ts";
import { withDataAsked } from "../withDataAsked.ts";
import { type Asked, carryOut, describeFailure, sourceOf } from "./carryOutReproduction.ts";
import { addReproduceOptions, type ReproduceOptions } from "./reproduceOptions.ts";
import { askedFor, dataOf, dtypeOf, folderName } from "./reproduceTargets.ts";

/** `lodo reproduce`: the paper's numbers beside ours. */
export const reproduceCommand = (io: Io): Command =>
  addReproduceOptions(new Command("reproduce")).action((ids: readonly string[], options: ReproduceOptions) => run(io, ids, options));

async function run(io: Io, ids: readonly string[], options: ReproduceOptions): Promise<void> {
  const asked = askedFor(ids, options);
  const out = options.out ?? `reports/${folderName(ids, options)}`;
  const measuredOn = await withDataAsked(io, options, async () => dataOf(asked));
  // Jobs compute in threads of their own, one each.
  const computing = { dtype: dtypeOf(asked), threads: 1, there: options.resume ? computedBy(out) : null };
  const { choice, backend } = await openAsked(io, { ...options, ...computing });
  return onBackend(backend, () => runOn(io, asked, { ...options, out, choice, measuredOn }));
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
    if (failures.length > 0) throw new FailureError(`${failures.length} of the runs failed:\n${failures.map(describeFailure).join("\n")}`);
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
