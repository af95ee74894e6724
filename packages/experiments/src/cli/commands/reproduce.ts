import { cpus } from "node:os";
import { Command } from "commander";
import { onBackend } from "../../backends/onBackend.ts";
import type { ShardResult } from "../../experiments/reproduceShard.ts";
import { describeShard } from "../../experiments/shard.ts";
import type { Target } from "../../experiments/targets.ts";
import { checkFootprints, type Failure } from "../../experiments/work.ts";
import { groupBy } from "../../groupBy.ts";
import { InterruptedError } from "../../pool/threads.ts";
import { saveReproduction } from "../../report/saveReproduction.ts";
import { textReport } from "../../report/textReport.ts";
import { computedBy, openWork, readPart } from "../../report/workFolder.ts";
import { environment } from "../../run/environment.ts";
import { openAsked } from "../backendOptions.ts";
import { FailureError } from "../errors.ts";
import { type Io, writeJson } from "../io.ts";
import { withDataAsked } from "../withDataAsked.ts";
import { type Asked, carryOut, carryOutShard, describeFailure, sourceOf } from "./carryOutReproduction.ts";
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
  const { out, choice, resume = false } = options;
  const subject = subjectOf(asked, options);
  const wanted = groupBy(asked, ({ experiment }) => experiment.id).flatMap(([target]) => target?.experiment ?? []);
  checkFootprints(wanted, { preset: options.preset });
  const parts = (options.join ?? []).map((path) => ({ what: `what ${path} has`, ...readPart(path, subject) }));
  const work = openWork(out, subject, { resume });
  try {
    const begun = work.elsewhere ? [{ what: "this", environment: work.elsewhere }] : [];
    for (const { what, environment } of [...begun, ...parts].filter((part) => !isSame(part.environment, subject.environment)))
      io.stderr.write(`note: ${what} was begun elsewhere (${describeEnvironment(environment)}); last bits may differ here\n`);
    for (const { assignment, outcome } of parts.flatMap(({ finished }) => finished))
      if (!work.journal.outcomeOf(assignment)) work.journal.record(assignment, outcome);
    if (options.shard) {
      const result = await carryOutShard(io, wanted, work, { ...options, shard: options.shard });
      if (options.json) writeJson(io, { ...result, out });
      else io.stdout.write(describeShardResult(result, out));
      failOn(result.failures);
    } else {
      const reproductions = await carryOut(io, wanted, work, options);
      const saved = await saveReproduction(out, asked, reproductions, subject);
      work.finish();
      if (options.json) writeJson(io, saved);
      else io.stdout.write(textReport(reproductions, out, choice));
      failOn(reproductions.flatMap(({ failures }) => failures));
    }
  } catch (error) {
    if (error instanceof InterruptedError)
      throw new FailureError(`${error.message}; the same command with --resume goes on`, { cause: error });
    throw error;
  } finally {
    work.close();
  }
}

function subjectOf(asked: readonly Target[], options: Asked): Parameters<typeof openWork>[1] {
  const { preset, seeds = null, seconds = null, choice, measuredOn } = options;
  // What is timed depends on the processor.
  const timedOn = seconds === null ? {} : { processor: cpus()[0]?.model ?? "unknown" };
  const on = measuredOn.length === 0 ? {} : { data: measuredOn };
  const here = { ...environment(), ...timedOn };
  const ids = asked.map(({ id }) => id);
  return { ids, preset, seeds, seconds, hyperparameters: sourceOf(options), ...choice, ...on, environment: here };
}

const isSame = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);

function failOn(failures: readonly Failure[]): void {
  if (failures.length > 0) throw new FailureError(`${failures.length} of the runs failed:\n${failures.map(describeFailure).join("\n")}`);
}

const describeShardResult = ({ shard, jobs, own }: ShardResult, out: string): string =>
  `shard ${describeShard(shard)}: ${own} of ${jobs} runs, kept in ${out}\nthe same command with --join and the folders of all shards, in place of --shard, makes the report\n`;

const describeEnvironment = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
