import { type Command, Option } from "commander";
import { folderPath, integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions } from "../backendOptions.ts";

/** What `lodo tune` was told. */
export interface TuneOptions extends BackendFlags {
  readonly optimizer: string;
  readonly generations?: number;
  readonly population?: number;
  readonly schedule?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly comparisonSeeds?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly data?: string;
  readonly save?: boolean;
  readonly saveTo?: string;
  readonly json?: boolean;
}

const help = `
Appendix E's genetic search. Each generation is a mean plus Gaussian noise, in ln η for rates and ln(1 − β) for decays; the next mean is the mean of
its better half, judged by the mean loss of the last tenth of the steps. Runs that diverge, or stop without having converged, come last. In the end
the values found, those of the start and the paper's, where they are known, run from the same seeds.

--schedule says the noise's deviation and the steps of each generation, 3x1000,1.5x2000,0.6x8000; "paper" is Table 5's. With another number of
--generations, entries are left out or repeated evenly, so that the noise still ends small. A third number is that of a generation's individuals, where it
is not --population: 1x150x6,0.25x1500x2 runs few of those that run long.

The folder holds config.json, individuals.jsonl (each as it ends), and at the end result.json and a page, report.html. A search that was cut off goes
on with --resume to the same bits; what is not said again is then taken from its config.json. Results do not depend on the workers.

Examples:
  lodo tune rosenbrock --optimizer adam
  lodo tune noisy-quadratic-bowl --optimizer lodo --workers 2 --out runs/tune-lodo
  lodo tune noisy-quadratic-bowl --optimizer lodo --out runs/tune-lodo --resume`;

/** The command line of `lodo tune`. */
export function addTuneOptions(command: Command): Command {
  command
    .description("search for an optimizer's hyperparameters on a task")
    .argument("<task>", "a task, by the id that lodo list tells")
    .requiredOption("--optimizer <id>", "an optimizer, likewise")
    .option("--generations <n>", "how many (default: as many as the schedule has)", integerOf(1, 1000))
    .option(
      "--population <n>",
      "individuals in each (default: as many as the paper has, 16 for image-classification and 32 elsewhere)",
      integerOf(2, 10_000),
    )
    .option(
      "--schedule <list>",
      "deviation x steps of each generation, or paper (default: Table 5's, the bowl's where it has none for the task)",
    )
    .option("--set <key=value...>", "where the search begins, or an option that is not searched: as in lodo run")
    .option("--seed <n>", "of everything random (default: 0)", integerOf(Number.MIN_SAFE_INTEGER))
    .option(
      "--comparison-seeds <n>",
      "seeds from which the values found run in the end beside others; 0 for none (default: 4)",
      integerOf(0, 1000),
    )
    .option("--workers <n>", "threads (default: one for each processor)", integerOf(1))
    .option(
      "--out <dir>",
      "the search's folder: new or empty, unless resuming (default: one under runs/ named after task and optimizer)",
      folderPath,
    )
    .option("--resume", "go on with the search in the folder")
    .option("--save", "keep the values found in this clone of the repository, for --hyperparameters tuned")
    .addOption(
      new Option("--save-to <file>", "keep the values found in a JSON file, beside those of other optimizers there")
        .argParser(folderPath)
        .conflicts("save"),
    )
    .option("--data <dir>", "the folder for the task's data, and no other", folderPath)
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command;
}
