import { optimizers } from "@lodo/optim";
import { TensorError } from "@lodo/tensor";
import { Command, Option } from "commander";
import { choiceOf, describeChoice } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { checkSameRun, type RunConfiguration } from "../../run/configuration.ts";
import { type Estimate, estimate } from "../../run/estimate.ts";
import { execute, startOf } from "../../run/execute.ts";
import { beginFolder, checkFresh, readConfiguration, resumeFolder } from "../../run/folder.ts";
import { checkMemory } from "../../run/memory.ts";
import { type Simulation, simulate } from "../../run/simulate.ts";
import type { Summary } from "../../run/tally.ts";
import { withDataFrom } from "../../tasks/dataSource.ts";
import { tasks } from "../../tasks/index.ts";
import type { EvaluationProgress, Metric, Sampling } from "../../tasks/task.ts";
import { sourcedValues, type Values, type ValuesSource } from "../../tunedValues.ts";
import { folderPath, integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked, threadsOption } from "../backendOptions.ts";
import { describeSeconds } from "../duration.ts";
import { asUsage, FailureError, UsageError } from "../errors.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { resolveSettings } from "../settings.ts";
import { shellQuoted } from "../shellQuoted.ts";
import { byId } from "../suggest.ts";

interface RunOptions extends BackendFlags {
  readonly optimizer: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly tuned?: ValuesSource;
  readonly out?: string;
  readonly resume?: boolean;
  readonly recordEvery?: number;
  readonly checkpointEvery?: number;
  readonly data?: string;
  readonly evaluationDraws?: number;
  readonly fullEvaluation?: boolean;
  readonly threads?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Of a task's data that was not trained on, unless told. */
const DRAWS = 2048;

const help = `
A run folder holds config.json, environment.json, records.jsonl (evaluation and loss), checkpoint.safetensors, timings.json and, at the end,
summary.json. A run that was cut off goes on with --resume to the same bits; what is not said again is then taken from its config.json.
A run whose loss is no longer finite has diverged: it ends there, says so in its summary, and exits with 0.

A task that has data finds them where lodo data says. At the end it judges x by examples that it was not trained on: by some that are drawn, the same
ones in every run, or by all with --full-evaluation. No time that timings.json counts goes into that.

Examples:
  lodo run rosenbrock --optimizer lodo --steps 200 --tuned paper
  lodo run noisy-quadratic-bowl --optimizer lodo --set depth=8 noise=0.5 --out runs/bowl
  lodo run noisy-quadratic-bowl --optimizer lodo --out runs/bowl --resume
  lodo run image-generation --optimizer lodo --tuned paper --set data=fashion-mnist --out runs/images`;

/** `lodo run`: one optimizer on one task. */
export function runCommand(io: Io): Command {
  const command = new Command("run")
    .description("run an optimizer on a task")
    .argument("<task>", "a task, by the id that lodo list tells")
    .requiredOption("--optimizer <id>", "an optimizer, likewise")
    .option("--steps <n>", "evaluations of the loss, which the paper counts as steps (default: 1000)", integerOf(1))
    .option("--seed <n>", "of everything random (default: 0)", integerOf(Number.MIN_SAFE_INTEGER))
    .option(
      "--set <key=value...>",
      "an option of task, optimizer or preconditioner (lodo list <id> tells them); task.key and optimizer.key tell two apart",
    )
    .addOption(
      new Option(
        "--tuned <whose>",
        "begin from tuned hyperparameters instead of the defaults: the paper's, Table 6, or ours, by lodo tune",
      ).choices(["paper", "ours"]),
    )
    .option("--out <dir>", "write a run folder here: new or empty, unless resuming", folderPath)
    .option("--resume", "go on with the run in --out")
    .option(
      "--record-every <n>",
      "record every n-th evaluation, besides the first and the last (default: a thousandth of the steps)",
      integerOf(1),
    )
    .option("--checkpoint-every <n>", "checkpoint every n evaluations, and every minute (default: a twentieth of the steps)", integerOf(1))
    .option("--data <dir>", "the folder for the task's data, and no other", folderPath)
    .addOption(
      new Option("--evaluation-draws <n>", `examples to judge the last x by, where the task has some (default: ${DRAWS})`).argParser(
        integerOf(2),
      ),
    )
    .addOption(new Option("--full-evaluation", "judge the last x by every example").conflicts("evaluationDraws"))
    .addOption(new Option("--dry-run", "tell sizes and an estimate of the time, and write nothing").conflicts("resume"))
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of [...backendOptions(), threadsOption()]) command.addOption(option);
  return command.action((task: string, options: RunOptions) => run(io, task, options));
}

async function run(io: Io, taskId: string, options: RunOptions): Promise<void> {
  if (options.resume && options.out === undefined) throw new UsageError("--resume needs --out, the folder of the run to go on with");
  const there = options.resume && options.out !== undefined ? readConfiguration(options.out) : null;
  const { id: task, dtype = "float64" } = byId("task", taskId, tasks);
  const asked = configure(task, options, there);
  const { choice, backend } = await openAsked(io, { ...options, there: there && choiceOf(there), dtype });
  const source = {
    ...(options.data === undefined ? {} : { folder: options.data }),
    warn: (line: string) => void io.stderr.write(`note: ${line}\n`),
  };
  return withDataFrom(source, () => onBackend(backend, () => runOn(io, { ...asked, ...choice }, there, options)));
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
  const configuration = { ...asked, ...dataOf(simulation.task) };
  if (there) checkSameRun(where, there, configuration);
  const summary = await carryOut(io, configuration, simulation, options);
  const out = options.out === undefined ? {} : { out: options.out };
  if (options.json) writeJson(io, { configuration, summary, ...out });
  else io.stdout.write(describeSummary(summary, configuration, options.out));
}

const dataOf = ({ data }: Pick<RunConfiguration, "data">): Pick<RunConfiguration, "data"> => (data ? { data } : {});

/** On made-up data, where the task has data: sizes and times do not depend on them. */
function dryRun(io: Io, configuration: RunConfiguration, predicted: number | null, { json = false }: RunOptions): void {
  const measured = estimate(
    configuration,
    asUsage(TensorError, () => simulate(configuration, { rehearsal: true })),
  );
  const estimated = { ...measured, peakBytes: Math.max(measured.peakBytes, predicted ?? 0) };
  if (json) writeJson(io, { configuration, estimate: estimated });
  else io.stdout.write(describeEstimate(configuration, estimated));
}

/** The run asked for, in full. What was not said comes from the run being resumed, if there is one, or the defaults. */
function configure(taskId: string, options: RunOptions, there: RunConfiguration | null): RunConfiguration {
  const task = byId("task", taskId, tasks);
  const optimizer = byId("optimizer", options.optimizer, optimizers);
  const { values: tuned, source } = options.tuned
    ? sourcedValues(task.id, optimizer.id, options.tuned)
    : { values: undefined, source: undefined };
  if (source !== options.tuned) {
    const who = options.tuned === "ours" ? "we have" : "the paper has";
    throw new UsageError(`${who} no tuned values for ${optimizer.id} on ${task.id}`);
  }
  const base = {
    ...(there?.task === task.id ? { taskOptions: there.taskOptions } : {}),
    ...(there?.optimizer === optimizer.id ? { hyperparameters: there.hyperparameters } : {}),
    ...(tuned ? { hyperparameters: tuned } : {}),
  };
  const steps = options.steps ?? there?.steps ?? 1000;
  return {
    task: task.id,
    optimizer: optimizer.id,
    seed: options.seed ?? there?.seed ?? 0,
    steps,
    recordEvery: options.recordEvery ?? there?.recordEvery ?? Math.ceil(steps / 1000),
    checkpointEvery: options.checkpointEvery ?? there?.checkpointEvery ?? Math.ceil(steps / 20),
    ...resolveSettings(task, optimizer, options.set ?? [], base),
  };
}

async function carryOut(io: Io, configuration: RunConfiguration, simulation: Simulation, options: RunOptions): Promise<Summary> {
  const { task, optimizer, steps } = configuration;
  const { folder, from } = openRun(io, configuration, simulation, options);
  const progress = createProgress(io.stderr, {
    label: `${optimizer} on ${task}`,
    total: steps,
    unit: "steps",
    from: from.tally.evaluations,
    quiet: options.json ?? false,
  });
  let signal: string | null = null;
  const stopListening = io.onInterrupt((name) => {
    signal = name;
  });
  let done = from.tally.evaluations;
  const onProgress = (evaluations: number): void => {
    done = evaluations;
    progress.update(evaluations);
  };
  const sampling: Sampling = options.fullEvaluation ? "everything" : { draws: options.evaluationDraws ?? DRAWS };
  const onEvaluation = ({ done: examples, total }: EvaluationProgress): void =>
    progress.update(steps, `judged by ${examples} of ${total} examples`);
  try {
    const summary = await execute({
      configuration,
      simulation,
      from,
      folder,
      sampling,
      onProgress,
      onEvaluation,
      isInterrupted: () => signal !== null,
    });
    if (summary) return summary;
  } finally {
    stopListening();
    progress.stop();
    folder?.close();
  }
  const how = folder
    ? `go on with: lodo run ${task} --optimizer ${optimizer} --out ${shellQuoted(folder.path)} --resume`
    : "nothing is kept without --out";
  throw new FailureError(`interrupted by ${signal} after ${done} of ${steps} steps; ${how}`);
}

function openRun(
  io: Io,
  configuration: RunConfiguration,
  simulation: Simulation,
  { out, resume }: RunOptions,
): Pick<Parameters<typeof execute>[0], "folder" | "from"> {
  const start = startOf(simulation);
  if (out === undefined) return { folder: null, from: start };
  if (!resume) return { folder: beginFolder(out, configuration, simulation, start), from: start };
  const { folder, checkpoint, elsewhere } = resumeFolder(out, configuration, simulation, start);
  if (elsewhere) {
    const { node, platform, arch, lodo } = elsewhere;
    io.stderr.write(`note: this run began elsewhere (lodo ${lodo}, node ${node}, ${platform} ${arch}); its last bits may differ here\n`);
  }
  return { folder, from: checkpoint };
}

function describeSummary(
  { task, optimizer, seed, steps, evaluations, meanTailLoss, finalLoss, diverged, stopped, data, metrics = [] }: Summary,
  configuration: RunConfiguration,
  out: string | undefined,
): string {
  const number = (value: number | null): string => (value === null ? "none" : value.toPrecision(5));
  return `${[
    `${optimizer} on ${task}, seed ${seed}: ${evaluations} of ${steps} steps`,
    ...(diverged === null ? [] : [`  diverged      at step ${diverged}: its loss is not finite`]),
    ...(stopped === null ? [] : [`  stopped       ${stopped.kind}: ${stopped.detail}`]),
    `  mean loss     ${number(meanTailLoss)} (over 0.9 T < i < T, T = ${steps})`,
    `  final loss    ${number(finalLoss)}`,
    ...metrics.map(describeMetric),
    ...(data === undefined ? [] : [`  data          ${data}`]),
    `  computed by   ${describeChoice(choiceOf(configuration))}`,
    ...(out === undefined ? [] : [`  written to    ${out}`]),
  ].join("\n")}\n`;
}

const describeMetric = ({ name, mean, standardError, examples }: Metric): string => {
  const error = standardError === 0 ? `all ${examples} examples` : `± ${standardError.toPrecision(2)}, ${examples} examples drawn`;
  return `  ${name.padEnd(13)} ${mean.toPrecision(5)} (${error})`;
};

function describeEstimate(
  configuration: RunConfiguration,
  { parameters, thetaSize, stateBytes, peakBytes, secondsPerStep, seconds }: Estimate,
): string {
  const { task, optimizer, seed, steps, taskOptions, hyperparameters } = configuration;
  const list = (values: Values): string =>
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}`)
      .join(" ") || "none";
  return `${[
    `${optimizer} on ${task}, seed ${seed}, ${steps} steps`,
    `  task          ${list(taskOptions)}`,
    `  optimizer     ${list(hyperparameters)}`,
    `  parameters    ${parameters}`,
    `  size of θ     ${thetaSize}`,
    `  state         ${stateBytes} bytes`,
    `  memory        at most about ${peakBytes} bytes during a step`,
    `  time          about ${secondsPerStep.toPrecision(2)} s a step, ${describeSeconds(seconds)} in all`,
  ].join("\n")}\n`;
}
