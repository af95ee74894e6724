import { accessSync, constants, existsSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { leaves } from "@lodo/tensor";
import { Command, InvalidArgumentError } from "commander";
import { type BackendChoice, choiceOf, describeChoice } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { attempt } from "../../files.ts";
import { type BowlTrainingOptions, shippedTraining } from "../../metaTraining/bowlTraining.ts";
import { readTraining, saveTraining, type TrainingCheckpoint } from "../../metaTraining/checkpoint.ts";
import { type TrainedOnBowls, trainOnBowls } from "../../metaTraining/trainOnBowls.ts";
import { weightsExtensions, weightsFormat } from "../../metaTraining/weightsFile.ts";
import { writeDurably } from "../../run/durable.ts";
import { integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked } from "../backendOptions.ts";
import { FailureError, UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { shellQuoted } from "../shellQuoted.ts";

interface MetaTrainOptions extends BowlTrainingOptions, BackendFlags {
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** Where a training with --out keeps what it has done, until it has ended. */
const checkpointOf = (out: string): string => `${out}.checkpoint`;

const help = `
Trains the optimizer l2lbgdbgd (Andrychowicz et al. 2016) by truncated back-propagation through its own runs, on noisy quadratic bowls with σ = 1, each
drawn anew. The defaults are those of the weights that ship. The same options give the same bits. FILE is replaced if it exists; it holds the weights in
float32, the command and the curve of losses: as safetensors, or, if its name ends in .ts, as a TypeScript module. A training that was cut off has left
FILE.checkpoint, and goes on with --resume to the same bits; what is not said again is then taken from there.

Examples:
  lodo meta-train --updates 1000
  lodo meta-train --seed 1 --out weights.safetensors
  lodo meta-train --out weights.safetensors --resume`;

/** `lodo meta-train`: an optimizer learned by gradient descent. */
export function metaTrainCommand(io: Io): Command {
  const { seed, updates, unroll, layers, hidden, dim } = shippedTraining;
  const command = new Command("meta-train")
    .description("train the optimizer that is itself a network, l2lbgdbgd")
    .option("--seed <n>", "of everything random", integerOf(Number.MIN_SAFE_INTEGER), seed)
    .option("--updates <n>", "of the weights", integerOf(1), updates)
    .option("--unroll <n>", "steps that each update differentiates through", integerOf(1), unroll)
    .option("--layers <n>", "of the network", integerOf(1), layers)
    .option("--hidden <n>", "units of a layer", integerOf(1), hidden)
    .option("--dim <n>", "dimensions of the bowls", integerOf(1), dim)
    .option("--out <file>", "write the weights here", weightsPath)
    .option("--resume", "go on with the training that is to write --out")
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command.action((options: MetaTrainOptions) => {
    const isSaid = (key: string): boolean => command.getOptionValueSource(key) === "cli";
    return run(io, options, isSaid);
  });
}

function weightsPath(text: string): string {
  if (weightsFormat(text)) return text;
  throw new InvalidArgumentError(`Expected the path of a file that ends in ${weightsExtensions.join(" or ")}, got "${text}".`);
}

async function run(
  io: Io,
  { out, resume = false, json = false, backend: name, fastMath, ...asked }: MetaTrainOptions,
  isSaid: (key: string) => boolean,
): Promise<void> {
  if (resume && out === undefined) throw new UsageError("--resume needs --out, the file that the training is to write");
  if (out !== undefined) checkTarget(out);
  const from = out !== undefined ? takeUp(out, resume) : null;
  const options = from ? sameTraining(from, asked, isSaid) : asked;
  const there = from && choiceOf(from.choice ?? {});
  const flags: BackendFlags = { ...(name ? { backend: name } : {}), ...(fastMath ? { fastMath } : {}) };
  const { choice, backend } = await openAsked(io, { ...flags, there });
  if (there) checkSameChoice(there, choice);
  const trained = await onBackend(backend, () => carryOut(io, options, { from, out, choice, quiet: json }));
  if (out !== undefined) {
    write(out, trained, choice);
    rmSync(checkpointOf(out), { force: true });
  }
  if (json) writeJson(io, { options, curve: trained.curve, ...(out === undefined ? {} : { out }) });
  else io.stdout.write(describeTrained(trained, out));
}

/** @throws FailureError if no file can be written there: before the training, not after it. */
function checkTarget(out: string): void {
  const folder = dirname(resolve(out));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new FailureError(`cannot write ${out}: ${folder} is no folder`);
  if (existsSync(out) && statSync(out).isDirectory()) throw new FailureError(`cannot write ${out}: it is a folder`);
  attempt(FailureError, out, "write", () => accessSync(folder, constants.W_OK));
}

/** The checkpoint to go on from, if told to. @throws FailureError if there is none then, or one that would be lost. */
function takeUp(out: string, resume: boolean): TrainingCheckpoint | null {
  const file = checkpointOf(out);
  if (resume && !existsSync(file))
    throw new FailureError(`expected ${file} to resume from, found none; without --resume a training begins`);
  if (!resume && existsSync(file))
    throw new FailureError(`${file} is left of a training that was cut off; add --resume to go on with it, or remove the file`);
  return resume ? readTraining(file) : null;
}

/** The options of the training that was cut off. @throws FailureError naming all in which it is another than the one asked for. */
function sameTraining(
  { options: there }: TrainingCheckpoint,
  asked: BowlTrainingOptions,
  isSaid: (key: string) => boolean,
): BowlTrainingOptions {
  const keys = Object.keys(asked) as (keyof BowlTrainingOptions)[];
  const found = keys.filter((key) => isSaid(key) && asked[key] !== there[key]);
  if (found.length === 0) return there;
  const sides = found.map((key) => `${key}: ${there[key]} there, ${asked[key]} here`).join("; ");
  throw new FailureError(`the training to go on with is another than the one asked for: ${sides}`);
}

/** @throws FailureError if the training would go on by another backend. */
function checkSameChoice(there: BackendChoice, here: BackendChoice): void {
  const [a, b] = [describeChoice(there), describeChoice(here)];
  if (a !== b) throw new FailureError(`the training to go on with is another than the one asked for: backend: ${a} there, ${b} here`);
}

interface Carried {
  readonly from: TrainingCheckpoint | null;
  readonly out: string | undefined;
  readonly choice: BackendChoice;
  readonly quiet: boolean;
}

async function carryOut(io: Io, options: BowlTrainingOptions, { from, out, choice, quiet }: Carried): Promise<TrainedOnBowls> {
  const { updates } = options;
  const progress = createProgress(io.stderr, { label: "meta-train", total: updates, unit: "updates", quiet });
  let done = from?.state.updates ?? 0;
  const save = (checkpoint: TrainingCheckpoint): void => {
    if (out !== undefined) saveTraining(checkpointOf(out), { ...checkpoint, choice });
  };
  const onProgress = (update: number, loss: number): void => {
    done = update;
    progress.update(update, `loss ${loss.toPrecision(3)}`);
  };
  return interruptible(io, progress, async (signal) => {
    const trained = await trainOnBowls(options, { onProgress, signal, save, ...(from ? { from } : {}) });
    if (trained) return trained;
    const how = out === undefined ? "nothing is kept without --out" : `go on with: lodo meta-train --out ${shellQuoted(out)} --resume`;
    throw new FailureError(`interrupted by ${signal.reason} after ${done} of ${updates} updates; ${how}`);
  });
}

/** The command that trains the same weights again. */
const commandOf = ({ seed, updates, unroll, layers, hidden, dim }: BowlTrainingOptions, { backend, fastMath }: BackendChoice): string =>
  `lodo meta-train --seed ${seed} --updates ${updates} --unroll ${unroll} --layers ${layers} --hidden ${hidden} --dim ${dim} --backend ${backend}${fastMath ? " --fast-math" : ""}`;

function write(out: string, trained: TrainedOnBowls, choice: BackendChoice): void {
  const content = weightsFormat(out)?.(trained, commandOf(trained.options, choice));
  if (content !== undefined) attempt(FailureError, out, "write", () => writeDurably(out, content));
}

function describeTrained({ options: { layers, hidden, updates }, curve, weights }: TrainedOnBowls, out: string | undefined): string {
  const size = leaves(weights).reduce((sum, t) => sum + t.size, 0);
  const number = (value: number | undefined): string => value?.toPrecision(4) ?? "none";
  return `${[
    `layers of ${hidden} units: ${layers}; weights: ${size}; updates: ${updates}`,
    `  mean loss     ${number(curve[0])} at the beginning of the training, ${number(curve.at(-1))} at its end`,
    ...(out === undefined ? [] : [`  written to    ${out}`]),
  ].join("\n")}\n`;
}
