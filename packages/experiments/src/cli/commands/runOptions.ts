import { type Command, Option } from "commander";
import { PATIENCE } from "../../run/execute.ts";
import type { ValuesSource } from "../../tunedValues.ts";
import { folderPath, integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, threadsOption } from "../backendOptions.ts";

/** What `lodo run` was told. */
export interface RunOptions extends BackendFlags {
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
  readonly evaluateEvery?: number;
  readonly evaluationDraws?: number;
  readonly fullEvaluation?: boolean;
  readonly threads?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Of a task's data that was not trained on, unless told. */
export const DRAWS = 2048;

const help = `
A run folder holds config.json, environment.json, records.jsonl (evaluation and loss), checkpoint.safetensors, timings.json and, at the end,
summary.json. A run that was cut off goes on with --resume to the same bits; what is not said again is then taken from its config.json.
With more --steps it is made longer, and comes to the x and summary of a run that began so. Not with lars, which plans its steps by their
number; nor if it ended within a step that takes several evaluations.
A run whose loss is no longer finite has diverged: it ends there, says so in its summary, and exits with 0.

A task that has data finds them where lodo data says. At the end it judges x by examples that it was not trained on: by some that are drawn, the same
ones in every run, or by all with --full-evaluation. With --evaluate-every it does so on its way, too, and evaluations.jsonl has a line for each time.
No time that timings.json counts goes into that, and no bit of the run depends on it.

Examples:
  lodo run rosenbrock --optimizer lodo --steps 200 --tuned paper
  lodo run noisy-quadratic-bowl --optimizer lodo --set depth=8 noise=0.5 --out runs/bowl
  lodo run noisy-quadratic-bowl --optimizer lodo --out runs/bowl --resume
  lodo run image-generation --optimizer lodo --tuned paper --set data=fashion-mnist --out runs/images --evaluate-every 100`;

/** The command line of `lodo run`. */
export function addRunOptions(command: Command): Command {
  command
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
    .option("--checkpoint-every <n>", `checkpoint every n evaluations, besides every ${PATIENCE} s and at the end`, integerOf(1))
    .option("--data <dir>", "the folder for the task's data, and no other", folderPath)
    .option("--evaluate-every <n>", "judge x after every n evaluations, where the task has examples to judge by; needs --out", integerOf(1))
    .addOption(
      new Option("--evaluation-draws <n>", `examples to judge x by, where the task has some (default: ${DRAWS})`).argParser(integerOf(2)),
    )
    .addOption(new Option("--full-evaluation", "judge x by every example").conflicts("evaluationDraws"))
    .addOption(new Option("--dry-run", "tell sizes and an estimate of the time, and write nothing").conflicts("resume"))
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of [...backendOptions(), threadsOption()]) command.addOption(option);
  return command;
}
