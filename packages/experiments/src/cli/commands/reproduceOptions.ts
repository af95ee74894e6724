import { type Command, Option } from "commander";
import { type PresetName, presetNames } from "../../experiments/experiment.ts";
import { headline } from "../../experiments/index.ts";
import type { Shard } from "../../experiments/shard.ts";
import { usualInterval } from "../../pool/checkpoints.ts";
import { folderPath, folderPaths, integerOf, positiveUpTo, shard } from "../arguments.ts";
import { type BackendFlags, backendOptions } from "../backendOptions.ts";

/** What `lodo reproduce` was told. */
export interface ReproduceOptions extends BackendFlags {
  readonly preset: PresetName;
  readonly seeds?: number;
  readonly seconds?: number;
  readonly hyperparameters: "paper" | "tuned";
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly checkpointSeconds?: number;
  readonly shard?: Shard;
  readonly join?: readonly string[];
  readonly data?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const help = `
A table brings its figures; a figure runs its table's jobs and brings itself alone. Results (JSON), figures (SVG) and a page (report.html) are
written to a folder, which must be new, empty, or an earlier report of the same. Numbers depend on ids, preset, seeds and hyperparameters, their
last bits on the backend, and nothing on the workers.
Runs that have ended are kept there (journal.jsonl) whatever ends the command, and checkpoints of the others; --resume goes on from there, to the
same numbers.
--shard lets several machines divide the jobs, each into a folder of its own, and --join makes one report of the folders, in the same bytes; what no folder
has is run then. Both together divide anew what others have left: a shard without what the folders have.
Tables of images need their data (lodo data), run only where they are asked for by name, and take hours or days at the paper's preset.

Examples:
  lodo reproduce                              ${headline.join(" and ")}, quickly
  lodo reproduce table-8 --preset paper       Table 8 and its figures as the paper ran them
  lodo reproduce figure-3 --out figures --json
  lodo reproduce table-1 --shard 2/8 --out shards/2
  lodo reproduce table-1 --join shards/*      the report of all eight
  lodo reproduce table-1 --seconds 300        by the clock, which is never twice the same
  lodo reproduce table-2-fashion-mnist        images, where Debian's Fashion-MNIST or --data has them`;

/** All runs are planned before the first begins; with more, the plan itself would fill the memory. */
const maxSeeds = 10_000;

/** A week. */
const maxSeconds = 604_800;

/** The command line of `lodo reproduce`. */
export function addReproduceOptions(command: Command): Command {
  command
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
    .option("--resume", "keep what the folder has of runs from an earlier command, which was interrupted, and do the rest")
    .addOption(
      new Option(
        "--checkpoint-seconds <n>",
        `checkpoint a run every n seconds, for --resume; 0: after every step (default: ${usualInterval})`,
      )
        .argParser(integerOf(0, maxSeconds))
        .conflicts("seconds"),
    )
    .addOption(
      new Option("--shard <i/n>", "run only the i-th of n shards of the jobs, and keep what comes out in --out: for one of n machines")
        .argParser(shard)
        .conflicts("seconds"),
    )
    .addOption(
      new Option("--join <dir...>", "take what these folders have of the same: shards, or what was interrupted").argParser(folderPaths),
    )
    .addOption(new Option("--all", "every experiment that needs no data").default(false))
    .option("--data <dir>", "the folder for the data of those that need some, and no other", folderPath)
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command;
}
