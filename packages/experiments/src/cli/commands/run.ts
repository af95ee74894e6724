import { TensorError } from "@lodo/tensor";
import { Command } from "commander";
import { choiceOf } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { checkSameRun, type RunConfiguration } from "../../run/configuration.ts";
import { estimate } from "../../run/estimate.ts";
import { checkFresh, readConfiguration } from "../../run/folder.ts";
import type { Footprint } from "../../run/footprint.ts";
import { checkMemory } from "../../run/memory.ts";
import { simulate } from "../../run/simulate.ts";
import { tasks } from "../../tasks/index.ts";
import { missingFromTable6 } from "../../tunedValues.ts";
import { backendMemory, openAsked } from "../backendOptions.ts";
import { asUsage, UsageError } from "../errors.ts";
import { type Io, writeJson } from "../io.ts";
import { byId } from "../suggest.ts";
import { withDataAsked } from "../withDataAsked.ts";
import { carryOut } from "./carryOutRun.ts";
import { configure } from "./runConfiguration.ts";
import { addRunOptions, type RunOptions } from "./runOptions.ts";
import { describeEstimate, describeSummary } from "./runText.ts";

/** `lodo run`: one optimizer on one task. */
export const runCommand = (io: Io): Command =>
  addRunOptions(new Command("run")).action((task: string, options: RunOptions) => run(io, task, options));

async function run(io: Io, taskId: string, options: RunOptions): Promise<void> {
  if (options.resume && options.out === undefined) throw new UsageError("--resume needs --out, the folder of the run to go on with");
  if (options.evaluateEvery !== undefined && options.out === undefined)
    throw new UsageError("--evaluate-every needs --out, the folder of evaluations.jsonl");
  const there = options.resume && options.out !== undefined ? readConfiguration(options.out) : null;
  const { id: task, dtype = "float64" } = byId("task", taskId, tasks);
  const asked = configure(task, options, there);
  for (const key of options.tuned === "paper" ? missingFromTable6(asked.task, asked.optimizer) : [])
    io.stderr.write(
      `note: Table 6's ${key} of ${asked.optimizer} on ${asked.task} is not known to us: it is ${asked.hyperparameters[key]} here\n`,
    );
  const { choice, backend } = await openAsked(io, { ...options, there: there && choiceOf(there), dtype, memory: backendMemory(1) });
  return withDataAsked(io, options, () => onBackend(backend, () => runOn(io, { ...asked, ...choice }, there, options)));
}

async function runOn(io: Io, asked: RunConfiguration, there: RunConfiguration | null, options: RunOptions): Promise<void> {
  const where = `the run in ${options.out}`;
  if (there) checkSameRun(where, there, { ...asked, ...dataOf(there) });
  else if (options.out !== undefined) checkFresh(options.out);
  const predicted = asUsage(TensorError, () => checkMemory(asked));
  if (options.dryRun) {
    dryRun(io, asked, predicted, options);
    return;
  }
  const simulation = asUsage(TensorError, () => simulate(asked));
  if (asked.evaluateEvery !== undefined && !simulation.task.evaluate)
    throw new UsageError(`--evaluate-every: ${asked.task} has no examples to judge x by`);
  const configuration = { ...asked, ...dataOf(simulation.task) };
  if (there) checkSameRun(where, there, configuration);
  const summary = await carryOut(io, configuration, simulation, options);
  const out = options.out === undefined ? {} : { out: options.out };
  if (options.json) writeJson(io, { configuration, summary, ...out });
  else io.stdout.write(describeSummary(summary, configuration, options.out));
}

const dataOf = ({ data }: Pick<RunConfiguration, "data">): Pick<RunConfiguration, "data"> => (data ? { data } : {});

/** On made-up data, where the task has data: sizes and times do not depend on them. */
function dryRun(io: Io, configuration: RunConfiguration, predicted: Footprint | null, { json = false }: RunOptions): void {
  const measured = estimate(
    configuration,
    asUsage(TensorError, () => simulate(configuration, { rehearsal: true })),
  );
  const estimated = { ...measured, peakBytes: Math.max(measured.peakBytes, predicted?.process ?? 0) };
  if (json) writeJson(io, { configuration, estimate: estimated });
  else io.stdout.write(describeEstimate(configuration, estimated));
}
